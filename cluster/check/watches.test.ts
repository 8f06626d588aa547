import { describe, expect, it } from 'vitest';
import { type Change, SessionWatches } from './watches.ts';

/** A log in which `/x` was created at 10, set at 20 and deleted at 30; its parent's children changed with it. */
const changes: Readonly<Record<string, readonly Change[]>> = {
  'data /x': [
    { zxid: 10, kind: 'nodeCreated' },
    { zxid: 20, kind: 'nodeDataChanged' },
    { zxid: 30, kind: 'nodeDeleted' },
  ],
  'child /x': [{ zxid: 30, kind: 'nodeDeleted' }],
  'child /': [
    { zxid: 10, kind: 'nodeChildrenChanged' },
    { zxid: 30, kind: 'nodeChildrenChanged' },
  ],
};

function watches(): SessionWatches {
  return new SessionWatches(
    'client',
    (table, path, after) => changes[`${table} ${path}`]?.find(({ zxid }) => zxid > after) ?? null,
  );
}

const left = (table: 'data' | 'child', path: string, zxid: number, onAbsent = false) => ({
  table,
  path,
  zxid,
  onAbsent,
});
const breaks = (promise: string) => expect.objectContaining({ promise });

describe('the watches of a session', () => {
  it('are told of the next change, each once, before anything newer is shown', () => {
    const session = watches();
    session.left(left('data', '/x', 12));
    session.left(left('child', '/', 12));
    session.answered(19);
    session.told('nodeDataChanged', '/x');
    session.answered(29);
    session.told('nodeChildrenChanged', '/');
    session.answered(35);
  });

  it('of data and of children are used up by one deletion', () => {
    const session = watches();
    session.left(left('data', '/x', 25));
    session.left(left('child', '/x', 25));
    session.told('nodeDeleted', '/x');
    expect(() => session.told('nodeDeleted', '/x')).toThrow(breaks('watches fire once'));
  });

  it('are not missed', () => {
    const session = watches();
    session.left(left('data', '/x', 12));
    expect(() => session.answered(20)).toThrow(breaks('watches are not missed'));
  });

  it('do not fire without a watch, nor without a change', () => {
    expect(() => watches().told('nodeDeleted', '/x')).toThrow(breaks('watches fire once'));
    const session = watches();
    session.left(left('data', '/x', 31));
    expect(() => session.told('nodeDeleted', '/x')).toThrow(breaks('watches tell what happened'));
  });

  it('tell of the first change, unless the client was away: then of what it came to', () => {
    const session = watches();
    session.left(left('data', '/x', 12));
    expect(() => session.told('nodeDeleted', '/x')).toThrow(breaks('watches tell what happened'));
    const back = watches();
    back.left(left('data', '/x', 12));
    expect(back.leaveAgain()).toEqual({ data: ['/x'], exist: [], child: [] });
    back.told('nodeDeleted', '/x');
    back.leftAgain(35);
  });

  it('left on nothing forget what came and went while the client was away', () => {
    const session = watches();
    session.left(left('data', '/x', 5, true));
    expect(session.leaveAgain()).toEqual({ data: [], exist: ['/x'], child: [] });
    session.leftAgain(35);
    session.answered(40);
  });

  it('are missed as well when the client was away', () => {
    const session = watches();
    session.left(left('child', '/', 12));
    session.leaveAgain();
    expect(() => session.leftAgain(30)).toThrow(breaks('watches are not missed'));
  });

  it('end with the session', () => {
    const session = watches();
    session.left(left('data', '/x', 12));
    session.ended();
    session.answered(40);
  });
});
