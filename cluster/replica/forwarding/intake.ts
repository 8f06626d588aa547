/**
 * The leader's side of forwarding: takes each origin's commands once and in order, stamps them with
 * its wall time and proposes them. It opens once the leader has applied its own term's no-op: then
 * everything earlier leaders accepted is applied, and the store knows where each origin stands.
 */
import type { MemberId, Term } from '../../base/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Trace } from '../../ports/trace.ts';
import type { Origin } from '../../zk/command.ts';
import { decodeOrigin, sessionAttachedBy, stampCommand } from '../../zk/command-codec.ts';
import type { Store } from '../../zk/store.ts';
import type { Post } from '../peers/post.ts';
import type { SessionClock } from '../upkeep/session-clock.ts';

interface OriginProgress {
  readonly life: number;
  /** Sequence of the next command to take. */
  readonly next: number;
}

type IntakeState =
  | { readonly kind: 'closed' }
  /** Leads, but has not applied its no-op: greetings wait. */
  | { readonly kind: 'opening'; readonly term: Term; readonly greetings: Map<MemberId, Origin> }
  | { readonly kind: 'open'; readonly term: Term; readonly origins: Map<number, OriginProgress> };

export class Intake {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #sessionClock: Pick<SessionClock, 'touch'>;
  readonly #propose: (payloads: readonly Uint8Array[]) => boolean;
  readonly #post: Pick<Post, 'send'>;
  #state: IntakeState = { kind: 'closed' };
  #lastTimeMs = 0;
  /** Origins told of a gap during this tick: one re-send a tick is enough. */
  readonly #gapsAnswered = new Set<number>();

  constructor(options: {
    readonly store: Store;
    readonly clock: Clock;
    readonly trace: Trace;
    readonly sessionClock: Pick<SessionClock, 'touch'>;
    readonly propose: (payloads: readonly Uint8Array[]) => boolean;
    readonly post: Pick<Post, 'send'>;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#trace = options.trace;
    this.#sessionClock = options.sessionClock;
    this.#propose = options.propose;
    this.#post = options.post;
  }

  /** This member was elected for `term`; its no-op is not applied yet. */
  begin(term: Term): void {
    this.#state = { kind: 'opening', term, greetings: new Map() };
  }

  /** The no-op of `term` is applied. */
  open(term: Term): void {
    const greetings = this.#state.kind === 'opening' ? this.#state.greetings : new Map<MemberId, Origin>();
    this.#state = { kind: 'open', term, origins: new Map() };
    for (const [from, origin] of greetings) this.hello(from, term, origin);
  }

  /** This member does not lead any more. */
  close(): void {
    this.#state = { kind: 'closed' };
  }

  /** The term in which this member takes commands, or null. */
  get openTerm(): Term | null {
    return this.#state.kind === 'open' ? this.#state.term : null;
  }

  /** An origin asks where to go on; answered once this intake is open. */
  hello(from: MemberId, term: Term, origin: Origin): void {
    const state = this.#state;
    if (state.kind === 'closed' || state.term !== term) return;
    if (state.kind === 'opening') {
      state.greetings.set(from, origin);
      return;
    }
    const progress = this.#progress(state.origins, origin);
    // A greeting of an earlier life, delayed: nobody waits for the answer.
    if (progress.life !== origin.life) return;
    this.#post.send(from, { kind: 'welcome', term, origin, sequence: progress.next - 1 });
  }

  /** Commands of one origin, consecutive. What was taken before is passed over; a gap is answered. */
  forward(from: MemberId, term: Term, commands: readonly Uint8Array[]): void {
    const state = this.#state;
    if (state.kind !== 'open' || state.term !== term || commands[0] === undefined) return;
    const { origin, sequence: first } = decodeOrigin(commands[0]);
    const progress = this.#progress(state.origins, origin);
    if (origin.life !== progress.life) return;
    if (first > progress.next) {
      if (this.#gapsAnswered.has(origin.incarnation)) return;
      this.#gapsAnswered.add(origin.incarnation);
      this.#post.send(from, { kind: 'welcome', term, origin, sequence: progress.next - 1 });
      return;
    }
    const fresh = commands.slice(progress.next - first);
    if (fresh.length === 0) return;
    for (const command of fresh) this.#touchAttached(command);
    const timeMs = this.#timeMs();
    if (!this.#propose(fresh.map((command) => stampCommand(timeMs, command)))) {
      this.#trace.emit('debug', 'forwardsRefused', { origin: origin.member, commands: fresh.length });
      return;
    }
    state.origins.set(origin.incarnation, { life: origin.life, next: progress.next + fresh.length });
  }

  tick(): void {
    this.#gapsAnswered.clear();
  }

  /** A client that comes back is heard, however long its return takes to be committed. */
  #touchAttached(command: Uint8Array): void {
    const session = sessionAttachedBy(command);
    if (session !== null) this.#sessionClock.touch(session);
  }

  #progress(origins: Map<number, OriginProgress>, origin: Origin): OriginProgress {
    const known = origins.get(origin.incarnation);
    if (known !== undefined && known.life >= origin.life) return known;
    const progress = { life: origin.life, next: this.#store.lastSequence(origin) + 1 };
    origins.set(origin.incarnation, progress);
    return progress;
  }

  /** Wall time that does not run backwards while this member leads. */
  #timeMs(): number {
    this.#lastTimeMs = Math.max(this.#lastTimeMs, this.#clock.wallMs());
    return this.#lastTimeMs;
  }
}
