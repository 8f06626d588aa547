/** An origin and the members that lead it in turn, over virtual time: forwarding from end to end. */
import type { Entry } from '../../base/entry.ts';
import { incarnation, logIndex, type MemberId, memberId, type Term, term } from '../../base/ids.ts';
import { SimClock, WallTime } from '../../sim/clock.ts';
import type { SeededRandom } from '../../sim/random.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import type { CommandBody, Origin } from '../../zk/command.ts';
import { createStore } from '../../zk/store.ts';
import { Forwarder } from '../forwarding/forwarder.ts';
import { Intake } from '../forwarding/intake.ts';
import type { PeerMessage } from '../peers/peer-message.ts';

export const origin: Origin = { member: memberId(1), incarnation: incarnation(5), life: 3 };
const [two, three] = [memberId(2), memberId(3)];
export const noBytes = new Uint8Array(0);
export const silent = { emit: () => undefined };

/** A command; its size is that of a password. */
export function createSession(size = 16): CommandBody {
  return { kind: 'createSession', timeoutMs: 10_000, password: new Uint8Array(size) };
}

interface World {
  readonly loss: number;
  readonly duplication: number;
  readonly delayMaxMs: number;
  readonly refusal: number;
}

/** One origin and two members that lead in turn, over a network that loses, doubles and reorders. */
export class Forwarding {
  readonly scheduler = new Scheduler();
  readonly done: number[] = [];
  readonly store = createStore();
  readonly #clock = new SimClock(this.scheduler, new WallTime(this.scheduler));
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
      post: { send: (to, message) => this.#carry(() => this.#toLeader(to, message)) },
    });
    const intakeOf = (member: MemberId): [MemberId, Intake] => [
      member,
      new Intake({
        sessionClock: { touch: () => undefined },
        store: this.store,
        clock,
        trace: silent,
        propose: (payloads) => this.#propose(member, payloads),
        post: { send: (_to, message) => this.#carry(() => this.#toOrigin(member, message)) },
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
