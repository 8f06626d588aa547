import { describe, expect, it } from 'vitest';
import type { Entry } from '../base/entry.ts';
import { incarnation, logIndex, type MemberId, memberId, type Term, term } from '../base/ids.ts';
import { appendBytesMax, forwardsInFlightBytesMax } from '../base/limits.ts';
import { SimClock } from '../sim/clock.ts';
import { createSeededRandom, type SeededRandom } from '../sim/random.ts';
import { Scheduler } from '../sim/scheduler.ts';
import type { CommandBody, Origin } from '../zk/command.ts';
import { encodeCommand } from '../zk/command-codec.ts';
import { createStore } from '../zk/store.ts';
import { Forwarder } from './forwarder.ts';
import { Intake } from './intake.ts';
import type { PeerMessage } from './peer-message.ts';

const origin: Origin = { member: memberId(1), incarnation: incarnation(5), life: 3 };
const [two, three] = [memberId(2), memberId(3)];
const noBytes = new Uint8Array(0);
const silent = { emit: () => undefined };

function createSession(size = 16): CommandBody {
  return { kind: 'createSession', timeoutMs: 10_000, password: new Uint8Array(size) };
}

interface World {
  readonly loss: number;
  readonly duplication: number;
  readonly delayMaxMs: number;
  readonly refusal: number;
}

/** One origin and two members that lead in turn, over a network that loses, doubles and reorders. */
class Forwarding {
  readonly scheduler = new Scheduler();
  readonly done: number[] = [];
  readonly store = createStore();
  readonly #clock = new SimClock(this.scheduler);
  readonly #random: SeededRandom;
  readonly #world: World;
  readonly #forwarder: Forwarder;
  readonly #intakes: ReadonlyMap<MemberId, Intake>;
  #leader: MemberId = two;
  #term: Term = term(1);
  /** Proposed under the present leader, in order, and not committed. */
  #proposed: Uint8Array[] = [];
  #submitted = 0;

  constructor(random: SeededRandom, world: World) {
    this.#random = random;
    this.#world = world;
    const clock = this.#clock;
    this.#forwarder = new Forwarder({
      origin,
      term: term(0),
      clock,
      send: (to, message) => this.#carry(() => this.#toLeader(to, message)),
    });
    const intakeOf = (member: MemberId): [MemberId, Intake] => [
      member,
      new Intake({
        store: this.store,
        clock,
        trace: silent,
        propose: (payloads) => this.#propose(member, payloads),
        send: (_to, message) => this.#carry(() => this.#toOrigin(member, message)),
      }),
    ];
    this.#intakes = new Map([intakeOf(two), intakeOf(three)]);
    clock.every(10, () => this.#tick());
    clock.every(3, () => this.#commit(this.#random.below(8)));
    this.#lead(two);
  }

  get pending(): number {
    return this.#forwarder.pending;
  }

  submit(): void {
    const number = this.#submitted;
    this.#submitted += 1;
    this.#forwarder.submit(createSession(), () => this.done.push(number));
  }

  /** The leader is lost with some of what it proposed; the other takes over, once its no-op is applied. */
  changeLeader(): void {
    this.#commit(this.#random.below(this.#proposed.length + 1));
    this.#intakes.get(this.#leader)?.close();
    this.#lead(this.#leader === two ? three : two);
  }

  run(durationMs: number): void {
    const untilMs = this.scheduler.nowMs + durationMs;
    while (this.scheduler.runNext(untilMs));
  }

  #lead(member: MemberId): void {
    this.#leader = member;
    this.#term = term(this.#term + 1);
    this.#proposed = [];
    const elected = this.#term;
    this.#intakes.get(member)?.begin(elected);
    this.#forwarder.leaderChanged(member, elected);
    this.#clock.after(this.#random.between({ min: 0, max: 60 }), () => {
      if (elected !== this.#term) return;
      this.#apply({ kind: 'noop', payload: noBytes });
      this.#intakes.get(member)?.open(elected);
    });
  }

  #tick(): void {
    this.#forwarder.tick();
    for (const intake of this.#intakes.values()) intake.tick();
  }

  #propose(member: MemberId, payloads: readonly Uint8Array[]): boolean {
    if (member !== this.#leader || this.#random.chance(this.#world.refusal)) return false;
    this.#proposed.push(...payloads.map((payload) => payload.slice()));
    return true;
  }

  #commit(count: number): void {
    for (const payload of this.#proposed.splice(0, count)) this.#apply({ kind: 'command', payload });
  }

  #apply(what: Pick<Entry, 'kind' | 'payload'>): void {
    const index = logIndex(this.store.appliedIndex + 1);
    const applied = this.store.apply({ index, term: this.#term, ...what });
    if (applied.command !== null) this.#forwarder.applied(applied.command.sequence, applied);
  }

  #carry(deliver: () => void): void {
    if (this.#random.chance(this.#world.loss)) return;
    const copies = this.#random.chance(this.#world.duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1)
      this.#clock.after(this.#random.between({ min: 0, max: this.#world.delayMaxMs }), deliver);
  }

  #toLeader(to: MemberId, message: PeerMessage): void {
    const intake = this.#intakes.get(to);
    if (message.kind === 'hello') intake?.hello(origin.member, message.term, message.origin);
    if (message.kind === 'forward') intake?.forward(origin.member, message.term, message.commands);
  }

  #toOrigin(from: MemberId, message: PeerMessage): void {
    if (message.kind === 'welcome') this.#forwarder.welcomed(from, message);
  }
}

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
    clock: new SimClock(scheduler),
    send: (_to, message) => void sent.push(message),
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
    expect(forwarder.oldestPendingTicks).toBe(10);
  });
});

describe('a leader', () => {
  function createIntake() {
    const sent: PeerMessage[] = [];
    const proposed: Uint8Array[] = [];
    const intake = new Intake({
      store: createStore(),
      clock: new SimClock(new Scheduler()),
      trace: silent,
      propose: (payloads) => proposed.push(...payloads) > 0,
      send: (_to, message) => void sent.push(message),
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
    expect([sent, proposed, intake.isOpen]).toEqual([[], [], false]);
  });
});
