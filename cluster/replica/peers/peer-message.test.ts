import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incarnation, logIndex, memberId, sessionId, term } from '../../base/ids.ts';
import { encodeCommand } from '../../zk/command-codec.ts';
import { decodePeerMessage, encodePeerMessage, type PeerMessage } from './peer-message.ts';

const bytes = fc.uint8Array({ maxLength: 64 });
const index = fc.maxSafeNat().map(logIndex);
const anyTerm = fc.integer({ min: 0, max: 2 ** 21 - 1 }).map(term);
const origin = fc.record({
  member: fc.integer({ min: 1, max: 255 }).map(memberId),
  incarnation: fc.integer({ min: 0, max: 2 ** 48 - 1 }).map(incarnation),
  life: fc.nat(),
});
/** Encoded: what a member forwards. */
const command = fc.record({ origin, sequence: fc.nat(), password: bytes }).map((drawn) => {
  const { password, ...tagged } = drawn;
  return encodeCommand({ ...tagged, body: { kind: 'createSession', timeoutMs: 4_000, password } });
});
const message: fc.Arbitrary<PeerMessage> = fc.oneof(
  fc.record({ kind: fc.constant('consensus' as const), message: bytes }),
  fc.record({ kind: fc.constant('hello' as const), term: anyTerm, origin }),
  fc.record({ kind: fc.constant('welcome' as const), term: anyTerm, origin, sequence: fc.nat() }),
  fc.record({
    kind: fc.constant('forward' as const),
    term: anyTerm,
    commands: fc.array(command, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('touch' as const),
    sessions: fc.array(fc.nat().map(sessionId), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constantFrom('probe' as const, 'probeReply' as const), token: fc.nat() }),
  fc.record({
    kind: fc.constant('snapshotRequest' as const),
    index,
    offset: fc.maxSafeNat(),
    lengthMax: fc.nat(),
  }),
  fc.record({ index, offset: fc.nat(), bytes, behind: fc.nat() }).map(({ behind, ...chunk }) => ({
    kind: 'snapshotChunk' as const,
    totalBytes: chunk.offset + chunk.bytes.length + behind,
    ...chunk,
  })),
  fc.record({ kind: fc.constant('snapshotGone' as const), index }),
  fc.record({
    kind: fc.constant('digest' as const),
    index,
    digest: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, '0')),
  }),
  fc.record({
    kind: fc.constant('removed' as const),
    seat: fc.record({
      id: origin.map(({ member }) => member),
      incarnation: origin.map((own) => own.incarnation),
    }),
  }),
);

describe('frames between members', () => {
  it('come back as they were sent', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(decodePeerMessage(encodePeerMessage(sent))).toEqual({ ok: true, value: sent });
      }),
    );
  });

  it('are refused, never thrown on, when they are garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
        expect(typeof decodePeerMessage(garbage).ok).toBe('boolean');
      }),
      { numRuns: 5_000 },
    );
  });

  it('are refused when they are cut short', () => {
    fc.assert(
      fc.property(message, fc.nat(), (sent, cut) => {
        if (sent.kind === 'consensus') return;
        const frame = encodePeerMessage(sent);
        expect(decodePeerMessage(frame.subarray(0, cut % frame.length)).ok).toBe(false);
      }),
    );
  });

  it('are refused when a forwarded command is none: in the log it would stop every member', () => {
    fc.assert(
      fc.property(command, fc.nat(), fc.integer({ min: 1, max: 255 }), (whole, at, change) => {
        const damaged = whole.slice(0, -1 - (at % whole.length));
        const forward = (commands: readonly Uint8Array[]): Uint8Array =>
          encodePeerMessage({ kind: 'forward', term: term(1), commands });
        expect(decodePeerMessage(forward([whole, damaged])).ok).toBe(false);
        const other = Uint8Array.from(whole);
        other[0] = (other[0] ?? 0) ^ change;
        expect(decodePeerMessage(forward([other])).ok).toBe(false);
      }),
    );
  });
});
