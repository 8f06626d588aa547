import { describe, expect, it } from 'vitest';
import { type SessionId, term, zxidOf } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { answerOf, create, failure, logWith, originOne, originTwo, statAt, TestLog } from './testing/log.ts';

const wrong = encodeUtf8('wrong');
const sesame = encodeUtf8('sesame');

describe('sessions', () => {
  it('are named by the zxid of their entry', () => {
    const log = new TestLog();
    log.newTerm();
    const session = log.openSession();
    expect(session).toBe(zxidOf(term(2), 1));
    expect(log.store.session(session)).toEqual({
      id: session,
      timeoutMs: 10_000,
      password: sesame,
      owner: originOne,
    });
    expect(log.store.sessionCount).toBe(1);
  });

  it('that do not exist have expired', () => {
    const log = new TestLog();
    expect(log.write(12 as SessionId, create('/a'))).toEqual(failure('sessionExpired'));
    expect(log.write(12 as SessionId, { kind: 'multi', parts: [] })).toEqual(failure('sessionExpired'));
  });

  it('move with their client, and refuse the member they left', () => {
    const log = new TestLog();
    const session = log.openSession(originOne);
    const attach = { kind: 'attachSession', session, password: sesame, timeoutMs: 7_000 } as const;
    const attached = log.command(attach, originTwo);
    expect(attached).toMatchObject({ openedSession: session });
    expect(answerOf(attached)).toEqual({ kind: 'sessionAttached', session, timeoutMs: 7_000 });
    expect(log.write(session, create('/a'))).toEqual(failure('sessionMoved'));
    const write = { kind: 'write', session, auth: [], request: create('/a') } as const;
    expect(answerOf(log.command(write, originTwo))).toMatchObject({ kind: 'created' });
  });

  it('belong to one life of a member', () => {
    const log = new TestLog();
    const session = log.openSession(originOne);
    const write = { kind: 'write', session, auth: [], request: create('/a') } as const;
    expect(answerOf(log.command(write, { ...originOne, life: 2 }))).toEqual(failure('sessionMoved'));
  });

  it('open to the right password only', () => {
    const log = new TestLog();
    const session = log.openSession();
    const attach = { kind: 'attachSession', session, password: wrong, timeoutMs: 7_000 } as const;
    const refused = log.command(attach, originTwo);
    expect(answerOf(refused)).toEqual(failure('sessionExpired'));
    expect(refused.openedSession).toBeNull();
    expect(log.store.session(session)?.owner).toEqual(originOne);
  });

  it('take their ephemeral znodes with them, in the order of the paths', () => {
    const { log, session } = logWith(
      create('/p'),
      create('/p/b', { mode: 'ephemeral' }),
      create('/a', { mode: 'ephemeral' }),
      create('/p/a', { mode: 'ephemeral' }),
    );
    expect(statAt(log, '/a').ephemeralOwner).toBe(session);
    expect(log.store.ephemeralCount).toBe(3);
    const closed = log.command({ kind: 'closeSession', session });
    expect(closed.closedSessions).toEqual([session]);
    expect(closed.events.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'nodeDeleted /a',
      'nodeChildrenChanged /',
      'nodeDeleted /p/a',
      'nodeChildrenChanged /p',
      'nodeDeleted /p/b',
      'nodeChildrenChanged /p',
    ]);
    expect(log.store.ephemeralCount).toBe(0);
    expect(statAt(log, '/p')).toMatchObject({ numChildren: 0, pzxid: log.store.zxid });
    expect(log.write(session, create('/x'))).toEqual(failure('sessionExpired'));
  });

  it('expire only by the leader of the term: a new one granted them a full timeout', () => {
    const { log, session } = logWith(create('/e', { mode: 'ephemeral' }));
    const stale = log.command({ kind: 'expireSession', session, term: term(99) });
    expect(answerOf(stale)).toEqual({ kind: 'sessionKept', session });
    expect({ closed: stale.closedSessions, ephemerals: log.store.ephemeralCount }).toEqual({
      closed: [],
      ephemerals: 1,
    });
    const expired = log.command({ kind: 'expireSession', session, term: term(1) });
    expect(answerOf(expired)).toEqual({ kind: 'sessionClosed', session });
    expect({ closed: expired.closedSessions, ephemerals: log.store.ephemeralCount }).toEqual({
      closed: [session],
      ephemerals: 0,
    });
  });

  it('close twice without harm', () => {
    const { log, session } = logWith();
    log.command({ kind: 'closeSession', session });
    const again = log.command({ kind: 'closeSession', session });
    expect(answerOf(again)).toEqual({ kind: 'sessionClosed', session });
    expect(again.events).toEqual([]);
  });
});
