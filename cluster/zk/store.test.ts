import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../base/assert.ts';
import { logIndex, type SessionId, term, zxidOf } from '../base/ids.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import { permissions } from './records.ts';
import type { ReadRequest } from './requests.ts';
import { createStore } from './store.ts';
import { create, failure, logWith, originOne, setData, statAt, TestLog } from './testing/log.ts';

describe('commands', () => {
  it('apply once, in order, within a life', () => {
    const log = new TestLog();
    const session = log.openSession();
    const write = { kind: 'write', session, auth: [], request: create('/a') } as const;
    expect(log.numbered(write, { origin: originOne, sequence: 3 }).command).toBeNull();
    expect(log.numbered(write, { origin: originOne, sequence: 1 }).command).toBeNull();
    expect(log.store.stat('/a')).toBeNull();
    expect(log.numbered(write, { origin: originOne, sequence: 2 }).command).not.toBeNull();
    expect(log.store.stat('/a')).not.toBeNull();
    expect(log.numbered(write, { origin: originOne, sequence: 2 }).command).toBeNull();
    expect(log.store.lastSequence(originOne)).toBe(2);
  });

  it('of a dead life are skipped', () => {
    const log = new TestLog();
    const body = { kind: 'closeSession', session: 0 as SessionId } as const;
    const later = { ...originOne, life: 2 };
    log.numbered(body, { origin: originOne, sequence: 1 });
    expect(log.numbered(body, { origin: later, sequence: 2 }).command).toBeNull();
    expect(log.numbered(body, { origin: later, sequence: 1 }).command).not.toBeNull();
    expect(log.numbered(body, { origin: originOne, sequence: 2 }).command).toBeNull();
    expect(log.numbered(body, { origin: originOne, sequence: 1 }).command).toBeNull();
    expect(log.store.lastSequence(originOne)).toBe(0);
    expect(log.store.lastSequence(later)).toBe(1);
  });

  it('that are damaged stop the member', () => {
    const store = createStore();
    const entry = { index: logIndex(1), term: term(1), kind: 'command', payload: new Uint8Array(5) } as const;
    expect(() => store.apply(entry)).toThrow(AssertionFailure);
  });

  it('out of order stop the member', () => {
    const store = createStore();
    const entry = { index: logIndex(2), term: term(1), kind: 'noop', payload: new Uint8Array(0) } as const;
    expect(() => store.apply(entry)).toThrow('out of order');
  });
});

describe('a membership', () => {
  const seat = { id: originOne.member, incarnation: originOne.incarnation };
  const alone = { voters: [seat], outgoing: [], learners: [], removed: [] };

  it('is remembered, takes a zxid, and changes the digest', () => {
    const { log } = logWith(create('/a'));
    const { zxid, digest } = { zxid: log.store.zxid, digest: log.store.digest() };
    const applied = log.membership({ membership: alone, cause: 'changed' });
    expect(applied).toEqual({
      zxid: zxid + 1,
      command: null,
      events: [],
      closedSessions: [],
      openedSession: null,
    });
    expect(log.store.membership).toEqual(alone);
    expect(log.store.digest()).not.toBe(digest);
  });

  it('recovered by force ends every session, the oldest first', () => {
    const { log, session } = logWith(create('/a'), create('/b', { mode: 'ephemeral' }));
    const younger = log.openSession();
    log.write(younger, create('/a/c', { mode: 'ephemeral' }));
    log.command({ kind: 'attachSession', session, timeoutMs: 5_000, password: encodeUtf8('sesame') });
    const applied = log.membership({ membership: alone, cause: 'recovered' });
    expect(applied.closedSessions).toEqual([session, younger]);
    expect(applied.events).toEqual([
      { kind: 'nodeDeleted', path: '/b' },
      { kind: 'nodeChildrenChanged', path: '/' },
      { kind: 'nodeDeleted', path: '/a/c' },
      { kind: 'nodeChildrenChanged', path: '/a' },
    ]);
    expect({ sessions: log.store.sessionCount, ephemerals: log.store.ephemeralCount }).toEqual({
      sessions: 0,
      ephemerals: 0,
    });
    expect(statAt(log, '/a').pzxid).toBe(log.store.zxid);
  });

  it('that is damaged stops the member', () => {
    const store = createStore();
    const entry = {
      index: logIndex(1),
      term: term(1),
      kind: 'membership',
      payload: Uint8Array.of(1),
    } as const;
    expect(() => store.apply(entry)).toThrow('a committed membership is damaged');
  });
});

describe('zxids', () => {
  it('count every entry of a term, its noop being number 0', () => {
    const log = new TestLog();
    expect(log.newTerm().zxid).toBe(zxidOf(term(2), 0));
    log.openSession();
    expect(log.skip().zxid).toBe(zxidOf(term(2), 2));
    expect(log.newTerm().zxid).toBe(zxidOf(term(3), 0));
    expect(log.store.appliedIndex).toBe(4);
  });
});

describe('reads', () => {
  it('answer what is applied', () => {
    const { log } = logWith(create('/a', { data: 'x' }), create('/a/c'), create('/a/b'));
    const stat = statAt(log, '/a');
    const at = { path: '/a', watch: false };
    expect(log.store.read({ kind: 'exists', ...at }, [])).toEqual({ kind: 'stat', stat });
    expect(log.store.read({ kind: 'getData', ...at }, [])).toEqual({
      kind: 'data',
      data: encodeUtf8('x'),
      stat,
    });
    expect(log.store.read({ kind: 'getChildren', withStat: false, ...at }, [])).toEqual({
      kind: 'children',
      names: ['c', 'b'],
      stat: null,
    });
    expect(log.store.read({ kind: 'exists', path: '/no', watch: false }, [])).toEqual(failure('noNode'));
    expect(log.store.read({ kind: 'exists', path: '/\0', watch: false }, [])).toEqual(
      failure('badArguments'),
    );
  });

  it('hide password hashes from who may not change the ACL', () => {
    const ann = { scheme: 'digest', id: 'ann:hash' };
    const acl = [
      { permissions: permissions.admin, ...ann },
      { permissions: permissions.read, scheme: 'world', id: 'anyone' },
    ];
    const { log } = logWith(create('/a', { acl }));
    const read = { kind: 'getAcl', path: '/a' } as const;
    expect(log.store.read(read, [])).toMatchObject({ acl: [{ id: 'ann:x' }, { id: 'anyone' }] });
    expect(log.store.read(read, [ann])).toMatchObject({ acl });
  });

  it('take the right to read', () => {
    const acl = [{ permissions: permissions.write, scheme: 'world', id: 'anyone' }];
    const { log } = logWith(create('/a', { acl }));
    const at = { path: '/a', watch: false };
    const requests: readonly ReadRequest[] = [
      { kind: 'exists', ...at },
      { kind: 'getData', ...at },
      { kind: 'getAcl', path: '/a' },
      { kind: 'getChildren', withStat: true, ...at },
    ];
    for (const request of requests) expect(log.store.read(request, [])).toEqual(failure('noAuth'));
  });

  it('give data that later writes do not touch', () => {
    const { log, session } = logWith(create('/a', { data: 'old' }));
    const answer = log.store.read({ kind: 'getData', path: '/a', watch: false }, []);
    log.write(session, setData('/a', 'new'));
    expect(answer.kind === 'data' ? decodeUtf8(answer.data) : answer).toBe('old');
  });

  it('count znodes and bytes as ZooKeeper does, but the root once', () => {
    const { log } = logWith(create('/abc', { data: '12345' }));
    expect(log.store.znodeCount).toBe(5);
    expect(log.store.dataBytes).toBe(44 + '/abc'.length + 5);
  });
});
