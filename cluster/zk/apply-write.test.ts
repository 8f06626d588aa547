import { describe, expect, it } from 'vitest';
import { term, zxidOf } from '../base/ids.ts';
import { readOnlyAcl } from './acl.ts';
import type { TreeWrite, WriteRequest } from './requests.ts';
import {
  check,
  create,
  dump,
  failure,
  logWith,
  remove,
  setAcl,
  setData,
  statAt,
  TestLog,
} from './testing/log.ts';
import { versionAfter } from './write-context.ts';

const readOnly = create('/r', { acl: readOnlyAcl });
const ephemeral = create('/e', { mode: 'ephemeral' });
const unresolved = { permissions: 31, scheme: 'auth', id: '' };

describe('a write that is refused', () => {
  const refusals: readonly (readonly [string, readonly TreeWrite[], WriteRequest, string])[] = [
    ['create below nothing', [], create('/no/a'), 'noNode'],
    ['create of what is there', [create('/a')], create('/a'), 'nodeExists'],
    ['create of the root', [], create('/'), 'nodeExists'],
    ['create below an ephemeral znode', [ephemeral], create('/e/a'), 'noChildrenForEphemerals'],
    ['create without the right', [readOnly], create('/r/a'), 'noAuth'],
    ['create with a malformed path', [], create('/a/'), 'badArguments'],
    ['create without an ACL', [], create('/a', { acl: [] }), 'invalidAcl'],
    ['create with an unresolved ACL', [], create('/a', { acl: [unresolved] }), 'invalidAcl'],
    ['delete of nothing', [], remove('/a'), 'noNode'],
    ['delete below nothing', [], remove('/no/a'), 'noNode'],
    ['delete of another version', [create('/a')], remove('/a', 1), 'badVersion'],
    ['delete of a parent', [create('/a'), create('/a/b')], remove('/a'), 'notEmpty'],
    ['delete of the root', [], remove('/'), 'badArguments'],
    ['delete of a system znode', [], remove('/zookeeper/quota'), 'badArguments'],
    ['delete of a path without a slash', [], remove('a'), 'badArguments'],
    ['setData of nothing', [], setData('/a', ''), 'noNode'],
    ['setData of another version', [create('/a')], setData('/a', '', 1), 'badVersion'],
    ['setData without the right', [readOnly], setData('/r', ''), 'noAuth'],
    ['setData of the configuration', [], setData('/zookeeper/config', ''), 'noAuth'],
    ['setData with a malformed path', [], setData('/a//b', ''), 'badArguments'],
    ['setAcl of nothing', [], setAcl('/a'), 'noNode'],
    ['setAcl of another version', [create('/a')], setAcl('/a', readOnlyAcl, 1), 'badVersion'],
    ['setAcl without the right', [readOnly], setAcl('/r'), 'noAuth'],
    ['check of nothing', [], check('/a', 0), 'noNode'],
    ['check of another version', [create('/a')], check('/a', 1), 'badVersion'],
  ];

  it.each(refusals)('%s', (_, before, request, error) => {
    const { log, session } = logWith(...before);
    const known = dump(log.store);
    expect(log.write(session, request)).toEqual(failure(error));
    expect(dump(log.store)).toEqual(known);
  });
});

describe('a create below a parent that is gone', () => {
  it('is refused, though the parent was the last to get a child', () => {
    const { log, session } = logWith(create('/a'), create('/a/b'), remove('/a/b'), remove('/a'));
    expect(log.write(session, create('/a/c'))).toEqual(failure('noNode'));
  });

  it('is refused, though a multi made the parent and took it back', () => {
    const { log, session } = logWith();
    log.write(session, { kind: 'multi', parts: [create('/a'), create('/a/b'), check('/a', 9)] });
    expect(log.write(session, create('/a/c'))).toEqual(failure('noNode'));
  });
});

describe('versions', () => {
  it('are 32 bits and never -1, which would match any', () => {
    expect([0, -2, 2 ** 31 - 1].map(versionAfter)).toEqual([1, 0, -(2 ** 31)]);
  });
});

describe('the Stat', () => {
  it('of a new znode is its entry’s zxid and time', () => {
    const { log } = logWith(create('/a', { data: 'four' }));
    const zxid = zxidOf(term(1), 1);
    expect(statAt(log, '/a')).toEqual({
      czxid: zxid,
      mzxid: zxid,
      pzxid: zxid,
      ctimeMs: 2,
      mtimeMs: 2,
      version: 0,
      cversion: 0,
      aversion: 0,
      ephemeralOwner: 0,
      dataLength: 4,
      numChildren: 0,
    });
  });

  it('of a parent counts creates and deletes, and moves its pzxid with both', () => {
    const { log } = logWith(create('/a'), create('/a/x'), create('/a/y'), remove('/a/x'));
    expect(statAt(log, '/a')).toMatchObject({
      cversion: 3,
      numChildren: 1,
      pzxid: log.store.zxid,
      mzxid: zxidOf(term(1), 1),
      version: 0,
    });
  });

  it('moves mzxid, mtime and version with the data', () => {
    const { log } = logWith(create('/a'), setData('/a', 'xyz'));
    expect(statAt(log, '/a')).toMatchObject({
      version: 1,
      mzxid: log.store.zxid,
      mtimeMs: 3,
      ctimeMs: 2,
      dataLength: 3,
    });
  });

  it('moves aversion alone with the ACL', () => {
    const { log } = logWith(create('/a'));
    const before = statAt(log, '/a');
    const session = log.openSession();
    expect(log.write(session, setAcl('/a', readOnlyAcl, 0))).toEqual({
      kind: 'stat',
      stat: { ...before, aversion: 1 },
    });
  });

  it('of the system znodes is as ZooKeeper leaves it', () => {
    const { store } = new TestLog();
    expect(store.stat('/')).toMatchObject({ cversion: -1, numChildren: 1, czxid: 0 });
    expect(store.stat('/zookeeper')).toMatchObject({ cversion: -2, numChildren: 2 });
    expect(store.stat('/zookeeper/config')).toMatchObject({ aversion: -1 });
  });
});

describe('sequential names', () => {
  it('count the children ever created, deletes notwithstanding', () => {
    const { log, session } = logWith(create('/q'), create('/q/plain'), remove('/q/plain'));
    const take = create('/q/n-', { mode: 'persistentSequential' });
    expect(log.write(session, take)).toMatchObject({ path: '/q/n-0000000001' });
    expect(log.write(session, remove('/q/n-0000000001'))).toEqual({ kind: 'deleted' });
    expect(log.write(session, take)).toMatchObject({ path: '/q/n-0000000002' });
  });

  it('may stand alone after a slash', () => {
    const { log, session } = logWith(create('/q'));
    expect(log.write(session, create('/q/', { mode: 'ephemeralSequential' }))).toMatchObject({
      path: '/q/0000000000',
    });
  });

  it('see the earlier parts of their multi', () => {
    const { log, session } = logWith(create('/q'));
    const take = create('/q/n-', { mode: 'persistentSequential' });
    expect(log.write(session, { kind: 'multi', parts: [take, take] })).toMatchObject({
      parts: [{ path: '/q/n-0000000000' }, { path: '/q/n-0000000001' }],
    });
  });
});

describe('multi', () => {
  it('answers part by part and takes effect at one zxid', () => {
    const { log, session } = logWith();
    const parts = [create('/a'), create('/a/b'), setData('/a', 'x', 0), check('/a', 1), remove('/a/b')];
    const answer = log.write(session, { kind: 'multi', parts });
    expect(answer).toMatchObject({
      kind: 'multi',
      parts: [
        { kind: 'created' },
        { kind: 'created' },
        { kind: 'stat' },
        { kind: 'checked' },
        { kind: 'deleted' },
      ],
    });
    expect(statAt(log, '/a')).toMatchObject({
      czxid: log.store.zxid,
      mzxid: log.store.zxid,
      numChildren: 0,
      cversion: 2,
    });
  });

  it('that fails leaves everything as it was and tells which part failed', () => {
    const { log, session } = logWith(create('/a', { data: 'old' }), create('/a/b'));
    const known = dump(log.store);
    const parts = [create('/c'), setData('/a', 'new'), remove('/a/b'), check('/a', 7), create('/d')];
    expect(log.write(session, { kind: 'multi', parts })).toEqual({
      kind: 'multi',
      parts: [
        { kind: 'rolledBack' },
        { kind: 'rolledBack' },
        { kind: 'rolledBack' },
        failure('badVersion'),
        failure('runtimeInconsistency'),
      ],
    });
    expect(dump(log.store)).toEqual(known);
  });

  it('that fails tells no watcher', () => {
    const { log, session } = logWith();
    const request: WriteRequest = { kind: 'multi', parts: [create('/a'), create('/no/b')] };
    expect(log.command({ kind: 'write', session, auth: [], request }).events).toEqual([]);
  });

  it('judges a malformed part where it stands', () => {
    const { log, session } = logWith();
    expect(log.write(session, { kind: 'multi', parts: [create('/a'), create('/b/')] })).toMatchObject({
      parts: [{ kind: 'rolledBack' }, failure('badArguments')],
    });
  });

  it('may be empty', () => {
    const { log, session } = logWith();
    expect(log.write(session, { kind: 'multi', parts: [] })).toEqual({ kind: 'multi', parts: [] });
  });
});

describe('events', () => {
  it('come in ZooKeeper’s order', () => {
    const { log, session } = logWith();
    const eventsOf = (request: WriteRequest): readonly unknown[] =>
      log
        .command({ kind: 'write', session, auth: [], request })
        .events.map(({ kind, path }) => `${kind} ${path}`);
    expect(eventsOf(create('/a'))).toEqual(['nodeCreated /a', 'nodeChildrenChanged /']);
    expect(eventsOf(create('/a/b'))).toEqual(['nodeCreated /a/b', 'nodeChildrenChanged /a']);
    expect(eventsOf(setData('/a', 'x'))).toEqual(['nodeDataChanged /a']);
    expect(eventsOf(setAcl('/a'))).toEqual([]);
    expect(eventsOf(check('/a', 1))).toEqual([]);
    expect(eventsOf(remove('/a/b'))).toEqual(['nodeDeleted /a/b', 'nodeChildrenChanged /a']);
  });
});
