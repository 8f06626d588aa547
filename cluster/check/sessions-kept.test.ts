import { describe, expect, it } from 'vitest';
import { sessionId, term } from '../base/ids.ts';
import { SessionsKept } from './sessions-kept.ts';

function checker(): SessionsKept {
  const sessions = new SessionsKept();
  sessions.opened(sessionId(1), 4_000);
  sessions.elected(term(2), 10_000);
  sessions.elected(term(2), 13_000);
  return sessions;
}

describe('sessions', () => {
  it('expire a whole timeout after the election of the leader that ends them', () => {
    checker().expired(sessionId(1), { term: term(2), atMs: 14_000 });
  });

  it('are not ended by a leader that cannot have missed them for long enough', () => {
    expect(() => checker().expired(sessionId(1), { term: term(2), atMs: 13_800 })).toThrow(
      expect.objectContaining({ promise: 'sessions are kept' }),
    );
  });
});
