import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../base/entry.ts';
import { incarnation, logIndex, memberId, term } from '../base/ids.ts';
import { emptyMembership } from '../base/membership.ts';
import { encodeMembershipRecord } from '../base/membership-codec.ts';
import {
  decodeHardState,
  decodeMessage,
  encodeHardState,
  encodeInitialHardState,
  encodeMessage,
} from './codec.ts';
import type { RaftMessage } from './messages.ts';

const anyTerm = fc.nat({ max: 2 ** 21 - 1 }).map(term);
const anyIndex = fc
  .maxSafeNat()
  .filter((value) => value < Number.MAX_SAFE_INTEGER - 100)
  .map(logIndex);
const anyCount = fc.maxSafeNat();
const kinds = ['command', 'noop', 'membership'] as const;
const anyRecord = encodeMembershipRecord({
  membership: { ...emptyMembership, voters: [{ id: memberId(1), incarnation: incarnation(2 ** 40) }] },
  cause: 'changed',
});
const anyVerdict = fc.constantFrom('granted' as const, 'refused' as const);

const anyAppend = fc
  .record({
    terms: fc.array(fc.nat({ max: 1_000 }), { maxLength: 6 }),
    payloads: fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 6, maxLength: 6 }),
    previousIndex: anyIndex,
    previousTerm: fc.nat({ max: 1_000 }),
    commit: anyIndex,
  })
  .map(({ terms, payloads, previousIndex, previousTerm, commit }): RaftMessage => {
    const rising = [...terms].sort((left, right) => left - right).map((made) => made + previousTerm);
    const entries = rising.map(
      (made, at): Entry => ({
        index: logIndex(previousIndex + at + 1),
        term: term(made),
        kind: kinds[at % 3] ?? 'command',
        payload: at % 3 === 2 ? anyRecord : (payloads[at] ?? new Uint8Array(0)),
      }),
    );
    const leaderTerm = term(rising.at(-1) ?? previousTerm);
    return {
      kind: 'appendEntries',
      term: leaderTerm,
      previousIndex,
      previousTerm: term(previousTerm),
      commit,
      entries,
    };
  });

const anyMessage: fc.Arbitrary<RaftMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('preVote' as const),
    term: anyTerm,
    lastIndex: anyIndex,
    lastTerm: anyTerm,
  }),
  fc.record({
    kind: fc.constant('requestVote' as const),
    term: anyTerm,
    lastIndex: anyIndex,
    lastTerm: anyTerm,
    reason: fc.constantFrom('noLeader' as const, 'handedOver' as const),
  }),
  fc.record({ kind: fc.constant('preVoteReply' as const), term: anyTerm, verdict: anyVerdict }),
  fc.record({ kind: fc.constant('requestVoteReply' as const), term: anyTerm, verdict: anyVerdict }),
  anyAppend,
  fc.record({ kind: fc.constant('appendAccepted' as const), term: anyTerm, match: anyIndex }),
  fc.tuple(anyTerm, anyIndex, fc.nat({ max: 100 }), anyTerm).map(
    ([made, hintIndex, more, hintTerm]): RaftMessage => ({
      kind: 'appendRejected',
      term: made,
      previousIndex: logIndex(hintIndex + more + (hintIndex === 0 ? 1 : 0)),
      hintIndex,
      hintTerm,
    }),
  ),
  fc.record({
    kind: fc.constant('heartbeat' as const),
    term: anyTerm,
    commit: anyIndex,
    match: anyIndex,
    sent: anyIndex,
    round: anyCount,
  }),
  fc.record({
    kind: fc.constant('heartbeatReply' as const),
    term: anyTerm,
    round: anyCount,
    sent: anyIndex,
    received: anyIndex,
  }),
  fc.record({ kind: fc.constant('commitNotice' as const), term: anyTerm, commit: anyIndex }),
  fc.record({ kind: fc.constant('readRequest' as const), term: anyTerm, ticket: anyCount }),
  fc.record({
    kind: fc.constant('readReply' as const),
    term: anyTerm,
    ticket: anyCount,
    index: fc.option(anyIndex, { nil: null }),
  }),
  fc.record({ kind: fc.constant('staleTerm' as const), term: anyTerm }),
  fc.record({ kind: fc.constant('timeoutNow' as const), term: anyTerm }),
  fc.record({
    kind: fc.constant('snapshotOffer' as const),
    term: anyTerm,
    index: anyIndex,
    snapshotTerm: anyTerm,
  }),
  fc.record({ kind: fc.constant('lastRequest' as const), term: anyTerm, nonce: anyCount }),
  fc.record({ kind: fc.constant('lastReply' as const), term: anyTerm, nonce: anyCount, last: anyIndex }),
);

function refusalOf(bytes: Uint8Array): string {
  const decoded = decodeMessage(bytes);
  return decoded.ok ? `taken: ${decoded.value.kind}` : decoded.error;
}

describe('messages', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual({ ok: true, value: message });
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused when anything is cut off or added', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, at) => {
        const bytes = encodeMessage(message);
        expect(decodeMessage(bytes.subarray(0, at % bytes.length)).ok).toBe(false);
        expect(decodeMessage(Uint8Array.of(...bytes, 0)).ok).toBe(false);
      }),
    );
  });

  it('are refused or taken, but never throw, when bytes are changed', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat({ max: 255 }), (message, at, value) => {
        const bytes = encodeMessage(message).slice();
        bytes[at % bytes.length] = value;
        expect(typeof decodeMessage(bytes).ok).toBe('boolean');
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused or taken, but never throw, when they are noise', () => {
    fc.assert(
      fc.property(fc.nat({ max: 18 }), fc.uint8Array({ maxLength: 80 }), (kind, rest) => {
        expect(typeof decodeMessage(Uint8Array.of(kind, ...rest)).ok).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  });

  it('are refused with what is wrong', () => {
    const append = encodeMessage({
      kind: 'appendEntries',
      term: term(2),
      previousIndex: logIndex(1),
      previousTerm: term(2),
      commit: logIndex(0),
      entries: [{ index: logIndex(2), term: term(2), kind: 'noop', payload: new Uint8Array(0) }],
    });
    const changed = (at: number, value: number) => {
      const bytes = append.slice();
      bytes[at] = value;
      return bytes;
    };
    const termOfEntryAt = append.length - 4 - 1 - 1;
    expect([
      refusalOf(new Uint8Array(0)),
      refusalOf(changed(0, 99)),
      refusalOf(changed(1, 1)),
      refusalOf(changed(termOfEntryAt, 1)),
      refusalOf(changed(termOfEntryAt, 3)),
      refusalOf(changed(append.length - 4, 255)),
      refusalOf(changed(append.length - 10, 9)),
    ]).toEqual([
      'needs 1 bytes, has 0',
      'unknown kind of message',
      'term out of range',
      'terms fall along the log',
      'an entry from a later term than its leader',
      expect.stringContaining('negative length'),
      expect.stringMatching(/impossible vector length/),
    ]);
  });

  it('are refused when a membership in them cannot be obeyed', () => {
    const seat = { id: memberId(1), incarnation: incarnation(1) };
    const both = { ...emptyMembership, voters: [seat], learners: [seat] };
    const payloads = [
      new Uint8Array(3),
      Uint8Array.of(...anyRecord, 0),
      encodeMembershipRecord({ membership: both, cause: 'changed' }),
    ];
    const refusals = payloads.map((payload) => {
      const entry: Entry = { index: logIndex(1), term: term(1), kind: 'membership', payload };
      const place = { previousIndex: logIndex(0), previousTerm: term(0), commit: logIndex(0) };
      return refusalOf(encodeMessage({ kind: 'appendEntries', term: term(1), ...place, entries: [entry] }));
    });
    expect(refusals).toEqual(['membership of format 0', '1 bytes after the end', 'both learner and voter']);
  });

  it('refuse a rejection that goes forward, or of what no log can lack', () => {
    const rejection = { kind: 'appendRejected', term: term(1), hintTerm: term(1) } as const;
    for (const [previousIndex, hintIndex] of [
      [0, 0],
      [3, 4],
    ] as const) {
      const message = {
        ...rejection,
        previousIndex: logIndex(previousIndex),
        hintIndex: logIndex(hintIndex),
      };
      expect(refusalOf(encodeMessage(message))).toBe('an impossible refusal');
    }
  });
});

describe('hard state', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        anyTerm,
        fc.option(fc.integer({ min: 1, max: 255 }), { nil: null }),
        fc.nat({ max: 2 ** 48 - 1 }),
        (made, vote, life) => {
          const seat = { id: memberId(vote ?? 1), incarnation: incarnation(life) };
          const hardState = { term: made, votedFor: vote === null ? null : seat };
          expect(decodeHardState(encodeHardState(hardState))).toEqual({ ok: true, value: hardState });
        },
      ),
    );
  });

  it('of a founder is of term 1, without a vote', () => {
    expect(decodeHardState(encodeInitialHardState())).toEqual({
      ok: true,
      value: { term: 1, votedFor: null },
    });
  });

  it('is refused in another format, cut off or longer', () => {
    const bytes = encodeHardState({
      term: term(3),
      votedFor: { id: memberId(2), incarnation: incarnation(7) },
    });
    expect(decodeHardState(Uint8Array.of(9, ...bytes.subarray(1))).ok).toBe(false);
    expect(decodeHardState(bytes.subarray(0, 5)).ok).toBe(false);
    expect(decodeHardState(Uint8Array.of(...bytes, 0)).ok).toBe(false);
  });
});
