import { describe, expect, it } from 'vitest';
import { zxid } from '../base/ids.ts';
import { RealTimeOrder } from './real-time-order.ts';

describe('real-time order', () => {
  it('accepts writes behind what was known when they began, and reads that show it', () => {
    const order = new RealTimeOrder();
    order.told(zxid(5));
    const begun = order.begin();
    order.told(zxid(9));
    order.wrote('client', { zxid: zxid(6), begun });
    order.readBehindSync('client', { zxid: zxid(5), begun });
  });

  it('finds a write that stands before what was known, and a stale read behind a barrier', () => {
    const order = new RealTimeOrder();
    order.told(zxid(5));
    order.told(zxid(3));
    const begun = order.begin();
    expect(() => order.wrote('client', { zxid: zxid(5), begun })).toThrow(
      expect.objectContaining({ promise: 'writes in real time' }),
    );
    expect(() => order.readBehindSync('client', { zxid: zxid(4), begun })).toThrow(
      expect.objectContaining({ promise: 'sync reads the newest' }),
    );
  });
});
