import { describe, expect, it } from 'vitest';
import type { EventType, HistoryEvent, Value } from './history.ts';
import { pairOperations } from './history-operations.ts';

const event = (process: number, type: EventType, f: string, value: Value = null): HistoryEvent => {
  return { process, type, f, key: null, value, timeMs: null };
};

function pair(...events: readonly HistoryEvent[]) {
  const paired = pairOperations(events);
  if (!paired.ok) throw new Error(`${paired.error.place}: ${paired.error.message}`);
  return paired.value;
}

describe('pairing calls and returns', () => {
  it('keeps what happened, with its answer, from its call to its return', () => {
    const { operations } = pair(event(0, 'invoke', 'read'), event(0, 'ok', 'read', 4));
    expect(operations).toMatchObject([{ outcome: 'ok', output: 4, calledAt: 0, returnedAt: 1 }]);
  });

  it('drops what failed, and counts it', () => {
    expect(pair(event(0, 'invoke', 'write', 1), event(0, 'fail', 'write', 1))).toEqual({
      operations: [],
      failed: 1,
    });
  });

  it('leaves open to the end what ended with info, and what never ended', () => {
    const { operations } = pair(
      event(0, 'invoke', 'write', 1),
      event(1, 'invoke', 'write', 2),
      event(0, 'info', 'write', 1),
    );
    expect(operations.map(({ outcome, returnedAt }) => [outcome, returnedAt])).toEqual([
      ['unknown', Number.POSITIVE_INFINITY],
      ['unknown', Number.POSITIVE_INFINITY],
    ]);
  });

  it('lets a process go on after info, its earlier operation still open', () => {
    const { operations } = pair(
      event(0, 'invoke', 'write', 1),
      event(0, 'info', 'write', 1),
      event(0, 'invoke', 'read'),
      event(0, 'ok', 'read', 1),
    );
    expect(operations.map(({ f, outcome }) => [f, outcome])).toEqual([
      ['write', 'unknown'],
      ['read', 'ok'],
    ]);
  });

  it('takes from the answer what the call left open', () => {
    const { operations } = pair(event(0, 'invoke', 'write'), event(0, 'ok', 'write', 5));
    expect(operations[0]?.input).toBe(5);
  });

  it('does not mind trouble reported by a process that has nothing open', () => {
    expect(pair(event(3, 'info', 'reconnect')).operations).toEqual([]);
  });

  it.each([
    [
      'a second call',
      [event(0, 'invoke', 'read'), event(0, 'invoke', 'write', 1)],
      "event 2: process 0 invokes write 1 while its read null (event 1) is open; expected that operation's ok, fail or info first.",
    ],
    [
      'a return without a call',
      [event(0, 'ok', 'read', 1)],
      'event 1: ok of read 1 by process 0, which has no operation open; expected an invoke before it (an operation that ended with info is over).',
    ],
    [
      'a return of something else',
      [event(0, 'invoke', 'read'), event(0, 'ok', 'write', 1)],
      'event 2: process 0 completes write 1, but what it has open is read null (event 1); expected the completion of that.',
    ],
  ])('refuses %s', (_, events, message) => {
    expect(() => pair(...events)).toThrow(message);
  });
});
