/** Znode paths: what is well-formed (`org.apache.zookeeper.common.PathUtils`), parents, and ZooKeeper's own znodes. */

export const rootPath = '/';
export const systemPath = '/zookeeper';
export const quotaPath = '/zookeeper/quota';
export const configPath = '/zookeeper/config';

const slash = 0x2f;
const dot = 0x2e;

/** Whether `path` is absolute, without empty, relative or unprintable parts, and without a slash at its end. */
export function isValidPath(path: string): boolean {
  if (path.charCodeAt(0) !== slash) return false;
  const length = path.length;
  if (length === 1) return true;
  if (path.charCodeAt(length - 1) === slash) return false;
  for (let i = 1; i < length; i += 1) {
    const unit = path.charCodeAt(i);
    if (unit === slash) {
      if (path.charCodeAt(i - 1) === slash) return false;
    } else if (unit === dot) {
      if (endsRelativeName(path, i)) return false;
    } else if (isForbiddenUnit(unit)) {
      return false;
    }
  }
  return true;
}

/** The parent of a path that has a slash; '/' for a child of the root. */
export function parentPath(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? rootPath : path.slice(0, at);
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Znodes that exist from the start and cannot be deleted (`DataTree.isSpecialPath`). */
export function isSpecialPath(path: string): boolean {
  return path === rootPath || path === systemPath || path === quotaPath || path === configPath;
}

/** Whether the dot at `at` is the last unit of a name `.` or `..`. */
function endsRelativeName(path: string, at: number): boolean {
  if (at + 1 < path.length && path.charCodeAt(at + 1) !== slash) return false;
  const before = path.charCodeAt(at - 1);
  return before === slash || (before === dot && path.charCodeAt(at - 2) === slash);
}

/** Control characters, surrogates with the private use area, and specials. */
function isForbiddenUnit(unit: number): boolean {
  if (unit >= 0x20 && unit < 0x7f) return false;
  return unit <= 0x1f || unit <= 0x9f || (unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0;
}
