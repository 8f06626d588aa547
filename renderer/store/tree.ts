/** The tree of znodes as far as it was looked at: directories, their pages of children, what is open. */
import type { ChildrenPage, ChildrenWatch, ChildSummary, ZnodeWatch } from '../../cluster/api/znode.ts';
import { ancestry, baseName, parentPath } from '../format/znode-path.ts';
import type { Action } from './action.ts';
import type { Failure } from './failure.ts';

/** Children asked for at once. */
export const pageSize = 200;

export type PageState =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'loaded';
      readonly children: readonly ChildSummary[];
      /** The list changed since: shown until its successor arrives. */
      readonly stale: boolean;
      readonly reloading: boolean;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A znode whose children were asked for. */
export interface Directory {
  /** Null before the first answer. */
  readonly total: number | null;
  /** Newest known `cversion`: a page of an older one is stale. Null before the first answer; a root begins at -1. */
  readonly cversion: number | null;
  readonly pages: ReadonlyMap<number, PageState>;
  /** Why changes cannot be watched now; null when they are. */
  readonly failure: Failure | null;
}

export interface TreeState {
  readonly directories: ReadonlyMap<string, Directory>;
  readonly expanded: ReadonlySet<string>;
}

const unknownDirectory: Directory = { total: null, cversion: null, pages: new Map(), failure: null };

export const initialTree: TreeState = { directories: new Map(), expanded: new Set(['/']) };

export function reduceTree(state: TreeState, action: Action): TreeState {
  switch (action.kind) {
    case 'route.changed':
      return action.route.screen === 'znodes' ? reveal(state, action.route.path) : state;
    case 'connection.opened':
      return { ...state, directories: new Map([...state.directories].map(retried)) };
    case 'directory.expanded':
      return { ...state, expanded: new Set(state.expanded).add(action.path) };
    case 'directory.collapsed':
      return collapse(state, action.path);
    case 'directory.refreshed':
      return change(state, action.path, (directory) => ({ ...directory, pages: staled(directory.pages) }));
    case 'directory.watched':
      return watched(state, action.watch);
    case 'directory.troubled':
      return change(state, action.path, (directory) => ({ ...directory, failure: action.failure }));
    case 'page.requested':
      return change(state, action.path, (directory) => withPage(directory, action.page, requested));
    case 'page.loaded':
      return change(state, action.content.path, (directory) =>
        loaded(directory, action.page, action.content),
      );
    case 'page.failed':
      return change(state, action.path, (directory) =>
        withPage(directory, action.page, () => ({ kind: 'failed', failure: action.failure })),
      );
    case 'znode.seen':
      return refreshChild(state, action.znode);
    default:
      return state;
  }
}

/** Whether a page has to be asked for before it can be shown as it is. */
export function isPageWanted(directory: Directory | undefined, page: number): boolean {
  const known = directory?.pages.get(page);
  if (known === undefined) return true;
  return known.kind === 'loaded' && known.stale && !known.reloading;
}

/** Children that are loaded, of all there are. */
export function loadedChildren(directory: Directory): number {
  let count = 0;
  for (const page of directory.pages.values()) if (page.kind === 'loaded') count += page.children.length;
  return count;
}

function change(state: TreeState, path: string, to: (directory: Directory) => Directory): TreeState {
  const directories = new Map(state.directories);
  directories.set(path, to(state.directories.get(path) ?? unknownDirectory));
  return { ...state, directories };
}

/** Opens everything above a path. */
function reveal(state: TreeState, path: string): TreeState {
  const above = path === '/' ? ['/'] : ancestry(parentPath(path));
  if (above.every((ancestor) => state.expanded.has(ancestor))) return state;
  return { ...state, expanded: new Set([...state.expanded, ...above]) };
}

/** What was closed is forgotten: it is not watched any more. */
function collapse(state: TreeState, path: string): TreeState {
  const expanded = new Set(state.expanded);
  expanded.delete(path);
  const directories = new Map(state.directories);
  directories.delete(path);
  return { directories, expanded };
}

function watched(state: TreeState, watch: ChildrenWatch): TreeState {
  if (watch.kind === 'absent') return collapse(state, watch.path);
  return change(state, watch.path, (directory) => {
    const current = { ...directory, failure: null, total: watch.total };
    const known = withoutFailures(directory.pages);
    if (watch.stat.cversion === directory.cversion) return { ...current, pages: known };
    const pages = directory.cversion === null ? known : staled(known);
    return { ...current, cversion: watch.stat.cversion, pages: withinTotal(pages, watch.total) };
  });
}

function withPage(
  directory: Directory,
  page: number,
  to: (known: PageState | undefined) => PageState,
): Directory {
  return { ...directory, pages: new Map(directory.pages).set(page, to(directory.pages.get(page))) };
}

function requested(known: PageState | undefined): PageState {
  return known?.kind === 'loaded' ? { ...known, reloading: true } : { kind: 'loading' };
}

function loaded(directory: Directory, page: number, content: ChildrenPage): Directory {
  const known = directory.cversion ?? content.stat.cversion;
  const cversion = Math.max(known, content.stat.cversion);
  const stale = content.stat.cversion < known;
  const newer = content.stat.cversion > known;
  const pages = new Map(newer ? staled(directory.pages) : directory.pages);
  pages.set(page, { kind: 'loaded', children: content.children, stale, reloading: false });
  const total = stale ? directory.total : content.total;
  return { ...directory, total, cversion, pages: withinTotal(pages, total ?? content.total) };
}

function staled(pages: Directory['pages']): Directory['pages'] {
  return new Map(
    [...pages]
      .filter(([, state]) => state.kind !== 'failed')
      .map(([page, state]) => [page, state.kind === 'loaded' ? { ...state, stale: true } : state]),
  );
}

function withoutFailures(pages: Directory['pages']): Directory['pages'] {
  return new Map([...pages].filter(([, state]) => state.kind !== 'failed'));
}

/** After a new connection what failed on the old one is worth another try. */
function retried([path, directory]: [string, Directory]): [string, Directory] {
  return [path, { ...directory, pages: staled(directory.pages) }];
}

function withinTotal(pages: Directory['pages'], total: number): Directory['pages'] {
  return new Map([...pages].filter(([page]) => page === 0 || page * pageSize < total));
}

/** A znode seen by itself is newer than its line in the parent's page. */
function refreshChild(state: TreeState, znode: ZnodeWatch): TreeState {
  if (znode.kind === 'absent') return state;
  const { path, stat } = znode.value;
  const parent = state.directories.get(parentPath(path));
  if (parent === undefined || path === '/') return state;
  const name = baseName(path);
  for (const [page, content] of parent.pages) {
    if (content.kind !== 'loaded') continue;
    const at = content.children.findIndex((child) => child.name === name);
    if (at === -1) continue;
    const children = content.children.with(at, { name, stat });
    return change(state, parentPath(path), (directory) =>
      withPage(directory, page, () => ({ ...content, children })),
    );
  }
  return state;
}
