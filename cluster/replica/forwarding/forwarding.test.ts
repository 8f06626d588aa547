import { describe, expect, it } from 'vitest';
import { logIndex, memberId, term } from '../../base/ids.ts';
import { appendBytesMax, forwardsInFlightBytesMax } from '../../base/limits.ts';
import { SimClock, WallTime } from '../../sim/clock.ts';
import { createSeededRandom } from '../../sim/random.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import type { Origin } from '../../zk/command.ts';
import { encodeCommand } from '../../zk/command-codec.ts';
import { createStore } from '../../zk/store.ts';
import type { PeerMessage } from '../peers/peer-message.ts';
import { createSession, Forwarding, noBytes, origin, silent } from '../testing/forwarding.ts';
import { Forwarder } from './forwarder.ts';
import { Intake } from './intake.ts';

const two = memberId(2);

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at);
}

describe('forwarded commands', () => {
  it.each([
    ['a calm network', { loss: 0, duplication: 0, delayMaxMs: 0, refusal: 0 }],
    ['frames that are lost', { loss: 0.3, duplication: 0, delayMaxMs: 0, refusal: 0 }],
    ['frames that are doubled', { loss: 0, duplication: 0.5, delayMaxMs: 0, refusal: 0 }],
    ['frames that overtake each other', { loss: 0, duplication: 0, delayMaxMs: 40, refusal: 0 }],
    ['a leader that is full now and then', { loss: 0, duplication: 0, delayMaxMs: 5, refusal: 0.3 }],
    ['all of it', { loss: 0.2, duplication: 0.2, delayMaxMs: 30, refusal: 0.1 }],
  ])('are applied once each and in order, over %s, whoever leads', (_what, world) => {
    const count = 120;
    for (let seed = 1; seed <= 25; seed += 1) {
      const random = createSeededRandom(`forwarding ${seed}`);
      const forwarding = new Forwarding(random.fork('world'), world);
      for (let submitted = 0; submitted < count; submitted += 1) {
        forwarding.submit();
        if (random.chance(0.3)) forwarding.run(random.below(30));
        if (random.chance(0.03)) forwarding.changeLeader();
      }
      forwarding.run(20_000);
      expect(forwarding.done, `seed ${seed}`).toEqual(numbers(count));
      expect([forwarding.store.sessionCount, forwarding.pending]).toEqual([count, 0]);
    }
  });
});

/** An origin that is known to the leader of term 1, with all it sends. */
function createForwarder() {
  const scheduler = new Scheduler();
  const sent: PeerMessage[] = [];
  const forwarder = new Forwarder({
    origin,
    term: term(0),
    clock: new SimClock(scheduler, new WallTime(scheduler)),
    post: { send: (_to, message) => void sent.push(message) },
  });
  const flush = () => {
    while (scheduler.runNext(scheduler.nowMs));
  };
  const welcome = (sequence: number, from: Origin = origin) =>
    forwarder.welcomed(two, { kind: 'welcome', term: term(1), origin: from, sequence });
  forwarder.leaderChanged(two, term(1));
  const commandsSent = () =>
    sent.flatMap((message) => (message.kind === 'forward' ? message.commands : [])).length;
  const bytesSent = () =>
    sent
      .flatMap((message) => (message.kind === 'forward' ? message.commands : []))
      .reduce((total, command) => total + command.length, 0);
  return { forwarder, sent, flush, welcome, commandsSent, bytesSent };
}

describe('an origin', () => {
  it('sends nothing before it is welcome', () => {
    const { forwarder, sent, flush, welcome, commandsSent } = createForwarder();
    forwarder.submit(createSession(), () => undefined);
    flush();
    expect(sent).toEqual([{ kind: 'hello', term: term(1), origin }]);
    welcome(0);
    flush();
    expect(commandsSent()).toBe(1);
  });

  it('ignores a welcome that was meant for an earlier life of its', () => {
    const { forwarder, flush, welcome, commandsSent } = createForwarder();
    forwarder.submit(createSession(), () => undefined);
    welcome(500, { ...origin, life: origin.life - 1 });
    flush();
    expect({ connected: forwarder.connected, sent: commandsSent() }).toEqual({ connected: false, sent: 0 });
  });

  it('sends no more than a window before anything is applied, and moves it on as things are', () => {
    const { forwarder, flush, welcome, bytesSent, commandsSent } = createForwarder();
    welcome(0);
    const commandBytes = 256 * 1024;
    for (let at = 0; at < 100; at += 1) forwarder.submit(createSession(commandBytes), () => undefined);
    flush();
    const first = commandsSent();
    expect(bytesSent()).toBeGreaterThanOrEqual(forwardsInFlightBytesMax);
    expect(bytesSent()).toBeLessThan(forwardsInFlightBytesMax + appendBytesMax + 2 * commandBytes);
    const store = createStore();
    const applied = store.apply({ index: logIndex(1), term: term(1), kind: 'noop', payload: noBytes });
    for (let sequence = 1; sequence <= 8; sequence += 1) forwarder.applied(sequence, applied);
    flush();
    expect(commandsSent()).toBeGreaterThan(first);
    expect(commandsSent()).toBeLessThanOrEqual(first + 8 + appendBytesMax / commandBytes);
  });

  it('greets again while it is not welcome, or hears nothing of what it sent', () => {
    const { forwarder, sent, welcome } = createForwarder();
    const greetings = () => sent.filter(({ kind }) => kind === 'hello').length;
    for (let tick = 0; tick < 30; tick += 1) forwarder.tick();
    expect(greetings()).toBe(4);
    welcome(0);
    for (let tick = 0; tick < 30; tick += 1) forwarder.tick();
    expect(greetings()).toBe(4);
    forwarder.submit(createSession(), () => undefined);
    for (let tick = 0; tick < 10; tick += 1) forwarder.tick();
    expect(greetings()).toBe(5);
    expect(forwarder.stalledTicks).toBe(10);
  });
});

describe('a leader', () => {
  function createIntake() {
    const sent: PeerMessage[] = [];
    const proposed: Uint8Array[] = [];
    const scheduler = new Scheduler();
    const intake = new Intake({
      sessionClock: { touch: () => undefined },
      store: createStore(),
      clock: new SimClock(scheduler, new WallTime(scheduler)),
      trace: silent,
      propose: (payloads) => proposed.push(...payloads) > 0,
      post: { send: (_to, message) => void sent.push(message) },
    });
    const forward = (from: Origin, ...sequences: readonly number[]) =>
      intake.forward(
        from.member,
        term(1),
        sequences.map((sequence) => encodeCommand({ origin: from, sequence, body: createSession() })),
      );
    intake.begin(term(1));
    return { intake, sent, proposed, forward };
  }

  it('answers a greeting only once it is open, and takes nothing before', () => {
    const { intake, sent, proposed, forward } = createIntake();
    intake.hello(origin.member, term(1), origin);
    forward(origin, 1);
    expect([sent, proposed]).toEqual([[], []]);
    intake.open(term(1));
    expect(sent).toEqual([{ kind: 'welcome', term: term(1), origin, sequence: 0 }]);
  });

  it('answers a gap once a tick', () => {
    const { intake, sent, proposed, forward } = createIntake();
    intake.open(term(1));
    forward(origin, 1, 2);
    for (const sequence of [5, 7, 9]) forward(origin, sequence);
    const welcome = { kind: 'welcome', term: term(1), origin, sequence: 2 };
    expect({ sent, proposed: proposed.length }).toEqual({ sent: [welcome], proposed: 2 });
    intake.tick();
    forward(origin, 11);
    expect(sent).toEqual([welcome, welcome]);
  });

  it('passes over what it took before', () => {
    const { intake, proposed, forward } = createIntake();
    intake.open(term(1));
    forward(origin, 1, 2, 3);
    forward(origin, 1, 2, 3);
    forward(origin, 2, 3, 4);
    expect(proposed).toHaveLength(4);
  });

  it('follows an origin into its next life and is deaf to the one before', () => {
    const { intake, sent, proposed, forward } = createIntake();
    const next = { ...origin, life: origin.life + 1 };
    intake.open(term(1));
    forward(origin, 1, 2);
    forward(next, 1);
    forward(origin, 3);
    intake.hello(origin.member, term(1), origin);
    intake.hello(origin.member, term(1), next);
    expect(proposed).toHaveLength(3);
    expect(sent).toEqual([{ kind: 'welcome', term: term(1), origin: next, sequence: 1 }]);
  });

  it('takes nothing any more when it does not lead, nor what was meant for another term', () => {
    const { intake, sent, proposed, forward } = createIntake();
    intake.open(term(1));
    intake.hello(origin.member, term(2), origin);
    intake.close();
    forward(origin, 1);
    expect([sent, proposed, intake.openTerm]).toEqual([[], [], null]);
  });
});
