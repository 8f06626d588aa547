import { describe, expect, it } from 'vitest';
import { incarnation, type MemberId, memberId } from '../base/ids.ts';
import type { Network, NetworkListener } from '../ports/network.ts';
import { wrapNetwork } from './network-faults.ts';

const [two, three] = [memberId(2), memberId(3)];
const frame = new Uint8Array([1]);
const life = incarnation(1);

/** A wrapped network between its two ends: what goes out, and what is told inside. */
function wrapped() {
  const sent: MemberId[] = [];
  const told: string[] = [];
  let inner: NetworkListener | null = null;
  const real: Network = {
    send: (to) => void sent.push(to),
    reply: ({ id }) => void sent.push(id),
    listen: (listener) => {
      inner = listener;
      return () => {
        inner = null;
      };
    },
  };
  const { network, setBlocked } = wrapNetwork(real);
  const stop = network.listen({
    received: (from) => void told.push(`frame ${from}`),
    peerGone: (peer) => void told.push(`gone ${peer}`),
  });
  const exchange = () => {
    sent.length = 0;
    told.length = 0;
    for (const peer of [two, three]) {
      network.send(peer, frame);
      network.reply({ id: peer, incarnation: life }, frame);
      inner?.received(peer, life, frame);
      inner?.peerGone(peer);
    }
    return { sent: [...sent], told: [...told] };
  };
  return { setBlocked, exchange, stop };
}

const everything = { sent: [2, 2, 3, 3], told: ['frame 2', 'gone 2', 'frame 3', 'gone 3'] };

describe('cut links', () => {
  it('are none at first', () => {
    expect(wrapped().exchange()).toEqual(everything);
  });

  it('drop what goes out and only that, and give no evidence', () => {
    const { setBlocked, exchange } = wrapped();
    setBlocked({ to: [two], from: [] });
    expect(exchange()).toEqual({ sent: [3, 3], told: ['frame 2', 'frame 3', 'gone 3'] });
  });

  it('drop what comes in and only that, and give no evidence', () => {
    const { setBlocked, exchange } = wrapped();
    setBlocked({ to: [], from: [two] });
    expect(exchange()).toEqual({ sent: [2, 2, 3, 3], told: ['frame 3', 'gone 3'] });
  });

  it('are replaced by what is set next, and mended by nothing', () => {
    const { setBlocked, exchange } = wrapped();
    setBlocked({ to: [two, three], from: [two, three] });
    expect(exchange()).toEqual({ sent: [], told: [] });
    setBlocked({ to: [three], from: [three] });
    expect(exchange()).toEqual({ sent: [2, 2], told: ['frame 2', 'gone 2'] });
    setBlocked({ to: [], from: [] });
    expect(exchange()).toEqual(everything);
  });

  it('stop with the network below', () => {
    const { exchange, stop } = wrapped();
    stop();
    expect(exchange()).toEqual({ sent: [2, 2, 3, 3], told: [] });
  });
});
