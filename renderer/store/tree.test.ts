import { describe, expect, it } from 'vitest';
import type { ChildrenPage } from '../../cluster/api/znode.ts';
import type { Action } from './action.ts';
import { sampleStat } from './testing/samples.ts';
import { initialTree, isPageWanted, loadedChildren, reduceTree, type TreeState } from './tree.ts';
import { layoutTree, positionOf, rowAt } from './tree-layout.ts';

const run = (actions: readonly Action[], from: TreeState = initialTree) => actions.reduce(reduceTree, from);

function page(path: string, options: { total: number; offset?: number; cversion?: number }): ChildrenPage {
  const offset = options.offset ?? 0;
  const count = Math.min(200, options.total - offset);
  const children = Array.from({ length: count }, (_, at) => ({
    name: `n${String(offset + at).padStart(6, '0')}`,
    stat: sampleStat(),
  }));
  return {
    path,
    stat: sampleStat({ cversion: options.cversion ?? 1 }),
    total: options.total,
    offset,
    children,
  };
}

const loaded = (content: ChildrenPage): Action => ({
  kind: 'page.loaded',
  page: content.offset / 200,
  content,
});
const rows = (tree: TreeState) => {
  const layout = layoutTree(tree);
  return Array.from({ length: layout.rows }, (_, at) => {
    const row = rowAt(tree, layout, at);
    if (row === null) return null;
    return row.kind === 'znode'
      ? `${'  '.repeat(row.level - 1)}${row.name}`
      : `${'  '.repeat(row.level - 1)}(${row.kind})`;
  });
};

describe('the tree of znodes', () => {
  it('waits for the children of the root', () => {
    expect(rows(initialTree)).toEqual(['/', '  (pending)']);
  });

  it('puts the children of an open znode below it, in order', () => {
    const tree = run([
      loaded(page('/', { total: 3 })),
      { kind: 'directory.expanded', path: '/n000001' },
      loaded(page('/n000001', { total: 2 })),
    ]);
    expect(rows(tree)).toEqual(['/', '  n000000', '  n000001', '    n000000', '    n000001', '  n000002']);
    expect(positionOf(tree, layoutTree(tree), '/n000001/n000001')).toBe(4);
    expect(positionOf(tree, layoutTree(tree), '/n000002')).toBe(5);
  });

  it('lays out a hundred thousand children from the pages it has', () => {
    const tree = run([
      loaded(page('/', { total: 100_000 })),
      loaded(page('/', { total: 100_000, offset: 50_000 })),
    ]);
    const layout = layoutTree(tree);
    expect(layout.rows).toBe(100_001);
    expect(layout.segments).toHaveLength(2);
    expect(rowAt(tree, layout, 50_001)).toMatchObject({
      kind: 'znode',
      name: 'n050000',
      position: 50_001,
      siblings: 100_000,
    });
    expect(rowAt(tree, layout, 300)).toMatchObject({ kind: 'unloaded', page: 1 });
    expect(positionOf(tree, layout, '/n050007')).toBe(50_008);
    expect(loadedChildren(tree.directories.get('/') as never)).toBe(400);
  });

  it('opens everything above a znode that is gone to', () => {
    const tree = run([{ kind: 'route.changed', route: { screen: 'znodes', path: '/a/b/c' } }]);
    expect([...tree.expanded]).toEqual(['/', '/a', '/a/b']);
  });

  it('keeps showing a page that is out of date until its successor comes', () => {
    const before = run([loaded(page('/', { total: 2, cversion: 1 }))]);
    expect(isPageWanted(before.directories.get('/'), 0)).toBe(false);
    const changed = run(
      [
        {
          kind: 'directory.watched',
          watch: { kind: 'present', path: '/', stat: sampleStat({ cversion: 2 }), total: 3 },
        },
      ],
      before,
    );
    expect(isPageWanted(changed.directories.get('/'), 0)).toBe(true);
    expect(rows(changed)).toEqual(['/', '  n000000', '  n000001', '  (unloaded)']);
    const asked = run([{ kind: 'page.requested', path: '/', page: 0 }], changed);
    expect(isPageWanted(asked.directories.get('/'), 0)).toBe(false);
    const after = run([loaded(page('/', { total: 3, cversion: 2 }))], asked);
    expect(rows(after)).toEqual(['/', '  n000000', '  n000001', '  n000002']);
  });

  it('notices the first child of the root, whose version begins at -1', () => {
    const empty = run([
      loaded({ ...page('/', { total: 0, cversion: -1 }), stat: sampleStat({ cversion: -1 }) }),
    ]);
    const watch = { kind: 'present', path: '/', stat: sampleStat({ cversion: 0 }), total: 1 } as const;
    const changed = run([{ kind: 'directory.watched', watch }], empty);
    expect(isPageWanted(changed.directories.get('/'), 0)).toBe(true);
  });

  it('tries again after a failure once the directory can be watched again', () => {
    const failure = { code: 'noQuorum', what: '' } as const;
    const failed = run([{ kind: 'page.failed', path: '/', page: 0, failure }]);
    expect(isPageWanted(failed.directories.get('/'), 0)).toBe(false);
    const watch = { kind: 'present', path: '/', stat: sampleStat(), total: 3 } as const;
    expect(isPageWanted(run([{ kind: 'directory.watched', watch }], failed).directories.get('/'), 0)).toBe(
      true,
    );
  });

  it('forgets a directory that was deleted', () => {
    const tree = run([
      loaded(page('/', { total: 1 })),
      { kind: 'directory.expanded', path: '/n000000' },
      loaded(page('/n000000', { total: 1 })),
      { kind: 'directory.watched', watch: { kind: 'absent', path: '/n000000' } },
    ]);
    expect(rows(tree)).toEqual(['/', '  n000000']);
  });

  it('takes the newer stat of a znode that was looked at', () => {
    const value = { path: '/n000000', stat: sampleStat({ numChildren: 7 }), data: { base64: '', length: 0 } };
    const tree = run([
      loaded(page('/', { total: 1 })),
      { kind: 'znode.seen', path: '/n000000', znode: { kind: 'present', value }, atMs: 0 },
    ]);
    expect(rowAt(tree, layoutTree(tree), 1)).toMatchObject({ stat: { numChildren: 7 } });
  });
});
