/**
 * Which row of the screen shows which znode, without making a list of them all: runs of children
 * between open directories, so that 100,000 children cost as much as ten.
 */
import type { ZnodeStat } from '../../cluster/api/znode.ts';
import { baseName, childPath, parentPath } from '../format/znode-path.ts';
import type { Failure } from './failure.ts';
import { type Directory, pageSize, type TreeState } from './tree.ts';

export type TreeRow =
  | {
      readonly kind: 'znode';
      readonly path: string;
      readonly name: string;
      /** 1 for the root. */
      readonly level: number;
      /** Null when the children were read without their stats. */
      readonly stat: ZnodeStat | null;
      readonly expanded: boolean;
      /** From 1, among its siblings. */
      readonly position: number;
      readonly siblings: number;
    }
  | {
      readonly kind: 'unloaded';
      readonly parent: string;
      readonly page: number;
      readonly level: number;
      readonly position: number;
      readonly siblings: number;
      readonly failure: Failure | null;
    }
  /** Stands for the children of a directory of which nothing is known yet. */
  | {
      readonly kind: 'pending';
      readonly parent: string;
      readonly level: number;
      readonly failure: Failure | null;
    };

type Segment =
  | { readonly kind: 'root'; readonly start: number; readonly count: 1 }
  | {
      readonly kind: 'pending';
      readonly start: number;
      readonly count: 1;
      readonly parent: string;
      readonly level: number;
    }
  | {
      readonly kind: 'children';
      readonly start: number;
      readonly count: number;
      readonly parent: string;
      /** Index of the first child of the run. */
      readonly from: number;
      readonly level: number;
    };

export interface TreeLayout {
  readonly rows: number;
  readonly segments: readonly Segment[];
}

/** The layout of everything that is open. */
export function layoutTree(tree: TreeState): TreeLayout {
  const segments: Segment[] = [{ kind: 'root', start: 0, count: 1 }];
  const open = openChildren(tree);
  let start = 1;

  function emit(parent: string, level: number): void {
    const directory = tree.directories.get(parent);
    if (directory === undefined || directory.total === null) {
      segments.push({ kind: 'pending', start, count: 1, parent, level });
      start += 1;
      return;
    }
    let from = 0;
    const run = (to: number) => {
      if (to <= from) return;
      segments.push({ kind: 'children', start, count: to - from, parent, from, level });
      start += to - from;
      from = to;
    };
    for (const { index, path } of open.get(parent) ?? []) {
      if (index >= directory.total) continue;
      run(index + 1);
      emit(path, level + 1);
    }
    run(directory.total);
  }

  if (tree.expanded.has('/')) emit('/', 2);
  return { rows: start, segments };
}

/** The row at a position, or null past the end. */
export function rowAt(tree: TreeState, layout: TreeLayout, position: number): TreeRow | null {
  const segment = segmentAt(layout.segments, position);
  if (segment === null) return null;
  switch (segment.kind) {
    case 'root':
      return rootRow(tree);
    case 'pending':
      return {
        ...segment,
        failure: tree.directories.get(segment.parent)?.failure ?? firstFailure(tree, segment.parent),
      };
    case 'children':
      return childRow(tree, { ...segment, index: segment.from + position - segment.start });
  }
}

/** The position of a znode's row, or null when it is in nothing that is open and loaded. */
export function positionOf(tree: TreeState, layout: TreeLayout, path: string): number | null {
  if (path === '/') return 0;
  const parent = parentPath(path);
  const directory = tree.directories.get(parent);
  const index = directory === undefined ? null : indexOfChild(directory, baseName(path));
  if (index === null) return null;
  for (const segment of layout.segments) {
    if (segment.kind !== 'children' || segment.parent !== parent) continue;
    if (index >= segment.from && index < segment.from + segment.count)
      return segment.start + index - segment.from;
  }
  return null;
}

/** Open directories by their parent, in the order of their rows. */
function openChildren(tree: TreeState): ReadonlyMap<string, readonly { index: number; path: string }[]> {
  const open = new Map<string, { index: number; path: string }[]>();
  for (const path of tree.expanded) {
    if (path === '/') continue;
    const parent = parentPath(path);
    const directory = tree.directories.get(parent);
    const index = directory === undefined ? null : indexOfChild(directory, baseName(path));
    if (index === null) continue;
    open.set(parent, [...(open.get(parent) ?? []), { index, path }]);
  }
  for (const children of open.values()) children.sort((a, b) => a.index - b.index);
  return open;
}

/** Pages are sorted by UTF-16 code units, as `<` compares. */
function indexOfChild(directory: Directory, name: string): number | null {
  for (const [page, content] of directory.pages) {
    if (content.kind !== 'loaded') continue;
    const { children } = content;
    const first = children[0]?.name;
    const last = children.at(-1)?.name;
    if (first === undefined || last === undefined || name < first || name > last) continue;
    const at = children.findIndex((child) => child.name === name);
    if (at !== -1) return page * pageSize + at;
  }
  return null;
}

function segmentAt(segments: readonly Segment[], position: number): Segment | null {
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment === undefined) return null;
    if (position < segment.start) high = middle - 1;
    else if (position >= segment.start + segment.count) low = middle + 1;
    else return segment;
  }
  return null;
}

function rootRow(tree: TreeState): TreeRow {
  return {
    kind: 'znode',
    path: '/',
    name: '/',
    level: 1,
    stat: null,
    expanded: tree.expanded.has('/'),
    position: 1,
    siblings: 1,
  };
}

function childRow(
  tree: TreeState,
  place: { readonly parent: string; readonly index: number; readonly level: number },
): TreeRow {
  const { parent, index, level } = place;
  const directory = tree.directories.get(parent);
  const page = Math.floor(index / pageSize);
  const content = directory?.pages.get(page);
  const child = content?.kind === 'loaded' ? content.children[index % pageSize] : undefined;
  const position = index + 1;
  const siblings = directory?.total ?? position;
  if (child === undefined) {
    const failure = content?.kind === 'failed' ? content.failure : null;
    return { kind: 'unloaded', parent, page, level, position, siblings, failure };
  }
  const path = childPath(parent, child.name);
  const expanded = tree.expanded.has(path);
  return { kind: 'znode', path, name: child.name, level, stat: child.stat, expanded, position, siblings };
}

function firstFailure(tree: TreeState, parent: string): Failure | null {
  const first = tree.directories.get(parent)?.pages.get(0);
  return first?.kind === 'failed' ? first.failure : null;
}
