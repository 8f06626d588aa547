/** Ids as ZooKeeper's tools print them, and lists of members. */

/** A decimal 64-bit id in hexadecimal: `4294967299` → `0x100000003`. */
export function hexId(decimal: string): string {
  return `0x${BigInt(decimal).toString(16)}`;
}

const permissionLetters = [
  [4, 'c'],
  [8, 'd'],
  [1, 'r'],
  [2, 'w'],
  [16, 'a'],
] as const;

/** ACL permission bits in the order and letters of zkCli: `cdrwa`, with `-` for what is not granted. */
export function permissionsText(bits: number): string {
  return permissionLetters.map(([bit, letter]) => ((bits & bit) === 0 ? '-' : letter)).join('');
}
