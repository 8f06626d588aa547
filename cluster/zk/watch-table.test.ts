import { describe, expect, it } from 'vitest';
import { type Zxid, zxid } from '../base/ids.ts';
import type { WatchEvent } from './records.ts';
import { setWatches } from './set-watches.ts';
import { create, logWith, remove, setData } from './testing/log.ts';
import { createWatchTable } from './watch-table.ts';

const deleted = { kind: 'nodeDeleted', path: '/a' } as const;
const changed = { kind: 'nodeDataChanged', path: '/a' } as const;
const children = { kind: 'nodeChildrenChanged', path: '/a' } as const;

describe('the watch table', () => {
  it('fires once', () => {
    const table = createWatchTable<string>();
    table.addData('/a', 'ann');
    table.addData('/a', 'ann');
    expect(table.count).toBe(1);
    expect(table.fire(changed)).toEqual(['ann']);
    expect(table.fire(changed)).toEqual([]);
    expect(table.count).toBe(0);
  });

  it('tells data and child watches apart', () => {
    const table = createWatchTable<string>();
    table.addData('/a', 'data');
    table.addChild('/a', 'child');
    expect(table.fire({ kind: 'nodeCreated', path: '/b' })).toEqual([]);
    expect(table.fire(children)).toEqual(['child']);
    expect(table.fire({ kind: 'nodeCreated', path: '/a' })).toEqual(['data']);
  });

  it('tells a deletion once to who watched data and children', () => {
    const table = createWatchTable<string>();
    table.addData('/a', 'both');
    table.addChild('/a', 'child');
    table.addChild('/a', 'both');
    expect(table.fire(deleted)).toEqual(['both', 'child']);
    expect(table.count).toBe(0);
  });

  it('forgets who left', () => {
    const table = createWatchTable<string>();
    table.addData('/a', 'ann');
    table.addChild('/b', 'ann');
    table.addData('/a', 'bob');
    table.removeAll('ann');
    expect(table.count).toBe(1);
    expect(table.fire(changed)).toEqual(['bob']);
    table.removeAll('ann');
    table.removeAll('bob');
    expect(table.count).toBe(0);
  });
});

describe('setWatches', () => {
  function comeBack(relativeZxid: Zxid): { readonly told: readonly string[]; readonly count: number } {
    const { log } = logWith(
      create('/quiet'),
      create('/parent'),
      create('/gone'),
      create('/data'),
      setData('/data', 'x'),
      create('/parent/child'),
      remove('/gone'),
    );
    const watches = createWatchTable<typeof watcher>();
    const events: WatchEvent[] = [];
    const watcher = { notify: (event: WatchEvent) => void events.push(event) };
    const request = {
      kind: 'setWatches',
      relativeZxid,
      data: ['/quiet', '/data', '/gone'],
      exist: ['/absent', '/data'],
      child: ['/quiet', '/parent', '/gone'],
    } as const;
    setWatches({ store: log.store, watches, watcher, request });
    return { told: events.map(({ kind, path }) => `${kind} ${path}`), count: watches.count };
  }

  it('tells what was missed and watches the rest', () => {
    expect(comeBack(zxid(2 ** 32 + 4))).toEqual({
      told: [
        'nodeDataChanged /data',
        'nodeDeleted /gone',
        'nodeCreated /data',
        'nodeChildrenChanged /parent',
        'nodeDeleted /gone',
      ],
      count: 3, // data of /quiet, existence of /absent, children of /quiet
    });
  });

  it('tells a client that saw everything only of what is gone or came', () => {
    expect(comeBack(zxid(2 ** 32 + 7))).toEqual({
      told: ['nodeDeleted /gone', 'nodeCreated /data', 'nodeDeleted /gone'],
      count: 5,
    });
  });
});
