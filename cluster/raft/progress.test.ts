import { describe, expect, it } from 'vitest';
import { incarnation, logIndex, memberId } from '../base/ids.ts';
import { appendBytesInFlightMax, appendMessagesInFlightMax } from '../base/limits.ts';
import { Progress } from './progress.ts';

function progressAt(next: number): Progress {
  return new Progress({ id: memberId(2), incarnation: incarnation(200), next: logIndex(next), nowTick: 0 });
}

function replicating(match: number): Progress {
  const progress = progressAt(match + 1);
  progress.accepted(logIndex(match));
  return progress;
}

function send(progress: Progress, last: number, bytes = 1): void {
  progress.sent({ last: logIndex(last), bytes });
}

describe('a probe', () => {
  it('is one message at a time, and may be empty', () => {
    const progress = progressAt(5);
    expect(progress.canTake(logIndex(4))).toBe(true);
    send(progress, 4);
    expect(progress.canTake(logIndex(9))).toBe(false);
    progress.resumeProbe();
    expect(progress.canTake(logIndex(9))).toBe(true);
  });

  it('ends with its acknowledgement, not with one from before', () => {
    const progress = progressAt(5);
    send(progress, 4);
    progress.accepted(logIndex(2));
    expect(progress).toMatchObject({ match: 2, next: 5, mode: { kind: 'probe' } });
    progress.accepted(logIndex(4));
    expect(progress).toMatchObject({ match: 4, next: 5, mode: { kind: 'replicate' } });
  });

  it('takes only the refusal of the entry it asks about', () => {
    const progress = progressAt(5);
    expect(progress.isRejectionCurrent(logIndex(3))).toBe(false);
    expect(progress.isRejectionCurrent(logIndex(4))).toBe(true);
  });
});

describe('replication', () => {
  it('is pipelined up to a number of messages', () => {
    const progress = replicating(0);
    for (let last = 1; last <= appendMessagesInFlightMax; last += 1) {
      expect(progress.canTake(logIndex(1_000))).toBe(true);
      send(progress, last);
    }
    expect(progress.canTake(logIndex(1_000))).toBe(false);
    progress.accepted(logIndex(1));
    expect(progress.canTake(logIndex(1_000))).toBe(true);
  });

  it('is pipelined up to a number of bytes', () => {
    const progress = replicating(0);
    send(progress, 1, appendBytesInFlightMax);
    expect(progress.canTake(logIndex(2))).toBe(false);
    progress.accepted(logIndex(1));
    expect(progress).toMatchObject({ inFlightBytes: 0, match: 1, next: 2 });
    expect(progress.canTake(logIndex(2))).toBe(true);
  });

  it('sends nothing when there is nothing', () => {
    expect(replicating(3).canTake(logIndex(3))).toBe(false);
  });

  it('ignores late acknowledgements and refusals', () => {
    const progress = replicating(5);
    send(progress, 8);
    progress.accepted(logIndex(2));
    expect(progress).toMatchObject({ match: 5, next: 9, inFlight: { length: 1 } });
    expect(progress.isRejectionCurrent(logIndex(5))).toBe(false);
    expect(progress.isRejectionCurrent(logIndex(6))).toBe(true);
  });

  it('goes back to a probe, never at or below match, and forgets what was in flight', () => {
    const progress = replicating(5);
    send(progress, 8);
    progress.retryFrom(logIndex(2));
    expect(progress).toMatchObject({ match: 5, next: 6, inFlight: [], inFlightBytes: 0 });
    expect(progress.canTake(logIndex(8))).toBe(true);
  });

  it('waits for a sign of life when it is paused', () => {
    const progress = replicating(5);
    send(progress, 8);
    progress.pause();
    expect(progress.canTake(logIndex(8))).toBe(false);
    progress.resumeProbe();
    expect(progress.canTake(logIndex(8))).toBe(true);
    expect(progress.next).toBe(6);
  });
});
