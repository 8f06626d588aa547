import { describe, expect, it } from 'vitest';
import { sessionId } from '../../base/ids.ts';
import { SessionClock } from './session-clock.ts';

const one = sessionId(1);
const two = sessionId(2);

function clockWith(
  ...sessions: readonly { readonly id: typeof one; readonly timeoutMs: number }[]
): SessionClock {
  const clock = new SessionClock({ tickMs: 10 });
  clock.reset(sessions);
  return clock;
}

function pass(clock: SessionClock, ticks: number): void {
  for (let tick = 0; tick < ticks; tick += 1) clock.tick();
}

describe('session expiry', () => {
  it('expires a session that was not heard for its timeout, once', () => {
    const clock = clockWith({ id: one, timeoutMs: 4_000 });
    pass(clock, 399);
    expect(clock.takeExpired()).toEqual([]);
    pass(clock, 1);
    expect(clock.takeExpired()).toEqual([one]);
    expect(clock.takeExpired()).toEqual([]);
  });

  it('gives a touched session its full timeout again', () => {
    const clock = clockWith({ id: one, timeoutMs: 4_000 }, { id: two, timeoutMs: 4_000 });
    pass(clock, 300);
    clock.touch(one);
    pass(clock, 200);
    expect(clock.takeExpired()).toEqual([two]);
    pass(clock, 200);
    expect(clock.takeExpired()).toEqual([one]);
  });

  it('grants every session a full timeout when a new leader starts over', () => {
    const clock = clockWith({ id: one, timeoutMs: 4_000 });
    pass(clock, 399);
    clock.reset([{ id: one, timeoutMs: 4_000 }]);
    pass(clock, 399);
    expect(clock.takeExpired()).toEqual([]);
  });

  it('forgets a session that was closed', () => {
    const clock = clockWith({ id: one, timeoutMs: 4_000 });
    clock.closed(one);
    clock.touch(one);
    pass(clock, 1_000);
    expect(clock.takeExpired()).toEqual([]);
  });
});
