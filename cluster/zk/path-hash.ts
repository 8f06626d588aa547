/** Two hashes of a path: the first finds its znode, both together stand for it in the digest. */

const primeA = 0x9e3779b1;
const primeB = 0x85ebca77;

/** Of the first `end` units: a parent's without cutting its path out. */
export function hashPath(path: string, end: number): number {
  let hash = primeA;
  for (let i = 0; i < end; i += 1) {
    hash = Math.imul(hash ^ path.charCodeAt(i), primeA);
    hash = (hash << 13) | (hash >>> 19);
  }
  return hash ^ (hash >>> 15);
}

export function secondHashOfPath(path: string): number {
  let hash = path.length;
  for (let i = 0; i < path.length; i += 1) {
    hash = Math.imul(hash + path.charCodeAt(i), primeB);
    hash ^= hash >>> 15;
  }
  return hash;
}
