/** Paths of znodes as text: parents, names, children. */

/** The parent of a path; the root is its own. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** The last part of a path; `/` for the root. */
export function baseName(path: string): string {
  return path === '/' ? '/' : path.slice(path.lastIndexOf('/') + 1);
}

/** The path of a child. */
export function childPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

/** The path and all above it, the root first. */
export function ancestry(path: string): readonly string[] {
  if (path === '/') return ['/'];
  return [...ancestry(parentPath(path)), path];
}

/** What a person typed, as a path: one leading slash, none at the end. */
export function tidyPath(text: string): string {
  const parts = text.trim().split('/').filter(Boolean);
  return `/${parts.join('/')}`;
}
