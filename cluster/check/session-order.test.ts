import { describe, expect, it } from 'vitest';
import { zxid } from '../base/ids.ts';
import { SessionOrder } from './session-order.ts';

describe('the order of a session', () => {
  it('accepts answers in order with zxids that stand or rise, over several connections', () => {
    const order = new SessionOrder('client');
    order.answered(1, zxid(5));
    order.answered(2, zxid(5));
    order.reconnected();
    order.answered(1, zxid(6));
    expect(order.zxid).toBe(6);
  });

  it.each([1, 2])('finds an answer that is late or doubled (%i after 2)', (ordinal) => {
    const order = new SessionOrder('client');
    order.answered(2, zxid(5));
    expect(() => order.answered(ordinal, zxid(5))).toThrow(
      expect.objectContaining({ promise: 'answers in order' }),
    );
  });

  it('finds a zxid that falls, also after the client came back', () => {
    const order = new SessionOrder('client');
    order.answered(1, zxid(5));
    order.reconnected();
    expect(() => order.answered(1, zxid(4))).toThrow(
      expect.objectContaining({ promise: 'zxid never falls' }),
    );
  });
});
