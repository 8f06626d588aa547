import { describe, expect, it } from 'vitest';
import { incarnation, type MemberId, memberId } from '../base/ids.ts';
import type { Network } from '../ports/network.ts';
import { SimClock, WallTime } from './clock.ts';
import { type NetworkOptions, SimNetwork } from './network.ts';
import { createSeededRandom } from './random.ts';
import { Scheduler } from './scheduler.ts';

const [one, two] = [memberId(1), memberId(2)];
const steady: NetworkOptions = { delayMinMs: 1, delayMaxMs: 1, loss: 0, duplication: 0 };

/** Two members that note what they are told, such as `2<1: 7` or `2: 1 gone`. */
function pair(behaviour = steady) {
  const scheduler = new Scheduler();
  const network = new SimNetwork({
    scheduler,
    random: createSeededRandom('network'),
    behaviour,
    observe: () => undefined,
  });
  const told: string[] = [];
  const attach = (id: MemberId): Network => {
    const clock = new SimClock(scheduler, new WallTime(scheduler));
    const port = network.attach({ id, incarnation: incarnation(id) }, clock);
    port.listen({
      received: (from, _incarnation, frame) => void told.push(`${id}<${from}: ${frame[0]}`),
      peerGone: (peer) => void told.push(`${id}: ${peer} gone`),
    });
    return port;
  };
  const run = (forMs = 100) => {
    const untilMs = scheduler.nowMs + forMs;
    while (scheduler.runNext(untilMs));
    return told.splice(0);
  };
  return { network, first: attach(one), second: attach(two), run };
}

const frame = (number: number) => Uint8Array.of(number);

describe('a simulated network', () => {
  it('cuts one way, as often as it is told to, until each cut is mended', () => {
    const { network, first, second, run } = pair();
    const mends = [network.cut([[one, two]]), network.cut([[one, two]])];
    first.send(two, frame(1));
    second.send(one, frame(2));
    expect(run()).toEqual(['1<2: 2']);
    for (const mend of mends) {
      mend();
      first.send(two, frame(3));
    }
    expect(run()).toEqual(['2<1: 3']);
  });

  it('loses what is under way when a connection is reset, and gives false evidence of two deaths', () => {
    const { network, first, run } = pair();
    first.send(two, frame(1));
    network.reset(one, two);
    first.send(two, frame(2));
    expect(run().sort()).toEqual(['1: 2 gone', '2: 1 gone', '2<1: 2']);
  });

  it('carries frames of a process that has ended', () => {
    const { network, first, run } = pair();
    first.send(two, frame(1));
    network.processGone(one);
    expect(run().sort()).toEqual(['2: 1 gone', '2<1: 1']);
  });

  it('lets a later frame overtake one that was slowed', () => {
    const { network, first, run } = pair();
    const mend = network.slow([[one, two]], 50);
    first.send(two, frame(1));
    mend();
    first.send(two, frame(2));
    expect(run()).toEqual(['2<1: 2', '2<1: 1']);
    expect(network.counts.reordered).toBe(1);
  });

  it('loses and doubles more while it is flaky, and nothing once it is healed', () => {
    const { network, first, run } = pair({ ...steady, loss: 0.5 });
    const mend = network.flaky({ loss: 0, duplication: 1 });
    first.send(two, frame(1));
    expect(run()).toEqual(['2<1: 1', '2<1: 1']);
    mend();
    network.heal();
    for (let number = 0; number < 20; number += 1) first.send(two, frame(number));
    expect(run()).toHaveLength(20);
  });

  it('answers exactly the process that asked', () => {
    const { second, run } = pair();
    second.reply({ id: one, incarnation: incarnation(9) }, frame(1));
    second.reply({ id: one, incarnation: incarnation(1) }, frame(2));
    expect(run()).toEqual(['1<2: 2']);
  });
});
