import { describe, expect, it } from 'vitest';
import { sessionId, zxid } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { openAcl } from './acl.ts';
import { Tree } from './tree.ts';

const nobody = sessionId(0);
const moment = { zxid: zxid(1), timeMs: 1 };

function add(tree: Tree, path: string): void {
  const parent = tree.parentOf(path);
  if (parent === undefined) throw new Error(`no parent of ${path}`);
  tree.create({ path, parent, data: encodeUtf8(path), acl: openAcl, owner: nobody }, moment);
}

describe('a tree', () => {
  it('tells paths apart, whatever they are made of', () => {
    const long = `/${'x'.repeat(10_000)}`;
    const paths = [
      '/a',
      '/A',
      '/ab',
      '/a/b',
      '/a/ab',
      '/b',
      '/\u00e4',
      '/\u0144',
      '/\u0144/\u00e4',
      long,
      `${long}/y`,
    ];
    const tree = Tree.founded();
    for (const path of paths) add(tree, path);
    for (const path of paths) expect(tree.get(path)?.path).toBe(path);
    for (const absent of ['', 'a', 'a/b', '/a/', '//a', '/a/b/', '/ba', '/\u0044', '/a/a', `${long}x`]) {
      expect(tree.get(absent), absent).toBeUndefined();
    }
    expect(tree.get('/a')?.childNames()).toEqual(['b', 'ab']);
  });

  it('finds every znode while it grows and shrinks', () => {
    const tree = Tree.founded();
    const paths = Array.from({ length: 3_000 }, (_, n) => `/node-${n}`);
    for (const path of paths) add(tree, path);
    const gone = paths.filter((_, n) => n % 3 === 0);
    for (const path of gone) {
      const znode = tree.get(path);
      if (znode !== undefined) tree.remove(znode, zxid(2));
    }
    expect(paths.filter((path) => tree.get(path) === undefined)).toEqual(gone);
    for (const path of gone) add(tree, path);
    expect(paths.filter((path) => tree.get(path)?.path !== path)).toEqual([]);
    expect(new Set(tree.get('/')?.childNames())).toEqual(
      new Set([...paths.map((path) => path.slice(1)), 'zookeeper']),
    );
  });
});
