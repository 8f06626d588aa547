import { describe, expect, it } from 'vitest';
import { zxid } from '../base/ids.ts';
import type { ClientRequest } from '../zk/requests.ts';
import { Watches, type WatchNotice } from './watches.ts';

const exists = (path: string): ClientRequest => ({ kind: 'exists', path, watch: true });
const getData = (path: string): ClientRequest => ({ kind: 'getData', path, watch: true });
const getChildren = (path: string): ClientRequest => ({
  kind: 'getChildren',
  path,
  watch: true,
  withStat: false,
});

describe('Watches', () => {
  it('tells a watcher of several kinds once, and only those whom the event ends', () => {
    const watches = new Watches();
    const all: WatchNotice[] = [];
    const children: WatchNotice[] = [];
    const watcher = (notice: WatchNotice): void => void all.push(notice);
    watches.add(exists('/a'), watcher, true);
    watches.add(getData('/a'), watcher, true);
    watches.add(getChildren('/a'), (notice) => void children.push(notice), true);
    watches.add(getData('/b'), watcher, true);
    watches.fire({ kind: 'nodeDataChanged', path: '/a' });
    watches.fire({ kind: 'nodeDataChanged', path: '/a' });
    expect(all).toEqual([{ kind: 'nodeDataChanged', path: '/a' }]);
    expect(children).toEqual([]);
    watches.fire({ kind: 'nodeDeleted', path: '/a' });
    expect(children).toEqual([{ kind: 'nodeDeleted', path: '/a' }]);
  });

  it('remembers only what the server watches: not the failed reads of an absent znode', () => {
    const watches = new Watches();
    const notices: WatchNotice[] = [];
    const watcher = (notice: WatchNotice): void => void notices.push(notice);
    watches.add(getData('/a'), watcher, false);
    watches.add(getChildren('/a'), watcher, false);
    expect(watches.renewals(zxid(5), 100)).toEqual([]);
    watches.add(exists('/a'), watcher, false);
    watches.fire({ kind: 'nodeCreated', path: '/a' });
    expect(notices).toEqual([{ kind: 'nodeCreated', path: '/a' }]);
  });

  it('renews all watches in requests of bounded size', () => {
    const watches = new Watches();
    const ignore = (notice: WatchNotice): void => expect(notice.kind).toBe('watchLost');
    for (const path of ['/1234', '/2345', '/3456']) watches.add(getData(path), ignore, true);
    watches.add(exists('/none'), ignore, false);
    watches.add(getChildren('/1234'), ignore, true);
    expect(watches.renewals(zxid(5), 12)).toEqual([
      { kind: 'setWatches', relativeZxid: 5, data: ['/1234', '/2345'], exist: [], child: [] },
      { kind: 'setWatches', relativeZxid: 5, data: ['/3456'], exist: ['/none'], child: [] },
      { kind: 'setWatches', relativeZxid: 5, data: [], exist: [], child: ['/1234'] },
    ]);
  });

  it('says once for each path that it is lost', () => {
    const watches = new Watches();
    const notices: WatchNotice[] = [];
    const watcher = (notice: WatchNotice): void => void notices.push(notice);
    watches.add(getData('/a'), watcher, true);
    watches.add(getChildren('/a'), watcher, true);
    watches.add(getChildren('/b'), watcher, true);
    watches.loseAll('gone');
    watches.loseAll('gone');
    expect(notices).toEqual([
      { kind: 'watchLost', path: '/a', reason: 'gone' },
      { kind: 'watchLost', path: '/b', reason: 'gone' },
    ]);
  });
});
