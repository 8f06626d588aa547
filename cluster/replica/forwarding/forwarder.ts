/**
 * The origin's side of exactly-once forwarding (DESIGN.md 5.4): numbers this member's commands,
 * sends them to whoever leads, and sends them again, in order, to a new leader until the store has
 * applied them. Applying skips what was applied before, so clients of this member notice nothing of
 * a leader's death but the pause.
 *
 *   leader known ──hello──► leader ──welcome(sequence)──► forward(sequence + 1 …)
 */
import { assert } from '../../base/assert.ts';
import type { MemberId, Term } from '../../base/ids.ts';
import {
  appendBytesMax,
  forwardsInFlightBytesMax,
  forwardsPendingBytesMax,
  forwardsPendingMax,
} from '../../base/limits.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommandBody, Origin } from '../../zk/command.ts';
import { encodeCommand } from '../../zk/command-codec.ts';
import { isSameOrigin } from '../../zk/sessions.ts';
import type { Applied } from '../../zk/store.ts';
import type { PeerMessage } from '../peers/peer-message.ts';
import type { Post } from '../peers/post.ts';

/** Called once, when the command has been applied here. */
export type ForwardDone = (applied: Applied) => void;

interface Pending {
  readonly encoded: Uint8Array;
  readonly done: ForwardDone;
}

/** Ticks without an answer or progress before the leader is asked again. */
const retryTicks = 10;

export class Forwarder {
  readonly #origin: Origin;
  readonly #clock: Clock;
  readonly #post: Pick<Post, 'send'>;
  /**
   * Pending commands; the first has the sequence `#applied + 1`. Consumed from `#head`: what is done
   * leaves null behind, since a command holds on to its client's connection.
   */
  #pending: (Pending | null)[] = [];
  #head = 0;
  #pendingBytes = 0;
  #applied = 0;
  #sent = 0;
  /** Bytes sent to this leader and not yet applied. */
  #sentBytes = 0;
  #leader: MemberId | null = null;
  #term: Term;
  #welcomed = false;
  #stalledTicks = 0;
  #quietTicks = 0;
  #flushing = false;

  constructor(options: {
    readonly origin: Origin;
    readonly term: Term;
    readonly clock: Clock;
    readonly post: Pick<Post, 'send'>;
  }) {
    this.#origin = options.origin;
    this.#term = options.term;
    this.#clock = options.clock;
    this.#post = options.post;
  }

  /** Commands not yet applied here. */
  get pending(): number {
    return this.#pending.length - this.#head;
  }

  /** True when no more should be submitted: the clients' sockets wait instead. */
  get full(): boolean {
    return this.pending >= forwardsPendingMax || this.#pendingBytes >= forwardsPendingBytesMax;
  }

  /** True while the leader of this term takes this member's commands. */
  get connected(): boolean {
    return this.#welcomed;
  }

  /** Ticks that commands have been waiting without one getting done; 0 when none waits. */
  get stalledTicks(): number {
    return this.#stalledTicks;
  }

  /** Queues a command for the leader. */
  submit(body: CommandBody, done: ForwardDone): void {
    const sequence = this.#applied + this.pending + 1;
    const encoded = encodeCommand({ origin: this.#origin, sequence, body });
    this.#pending.push({ encoded, done });
    this.#pendingBytes += encoded.length;
    this.#flushSoon();
  }

  /** The store applied this origin's next command. */
  applied(sequence: number, applied: Applied): void {
    assert(sequence === this.#applied + 1, 'own commands are applied in order', {
      sequence,
      applied: this.#applied,
    });
    this.#takeNext().done(applied);
  }

  /**
   * The store was replaced by a later one, in which this origin's commands up to `sequence` are applied:
   * what they answered is not known here, and nobody waits for it any more.
   */
  jumped(sequence: number): void {
    const last = this.#applied + this.pending;
    assert(sequence >= this.#applied && sequence <= last, 'a snapshot with commands never submitted', {
      sequence,
      applied: this.#applied,
      last,
    });
    while (this.#applied < sequence) this.#takeNext();
  }

  /** Consensus names a leader, or none. */
  leaderChanged(leader: MemberId | null, term: Term): void {
    if (leader === this.#leader && term === this.#term) return;
    this.#leader = leader;
    this.#term = term;
    this.#welcomed = false;
    this.#greet();
  }

  /**
   * The leader of the welcome's term holds everything up to its sequence. A welcome for an earlier life
   * of this member may come late: its sequence means nothing here.
   */
  welcomed(from: MemberId, welcome: Extract<PeerMessage, { readonly kind: 'welcome' }>): void {
    const { term, origin, sequence } = welcome;
    if (from !== this.#leader || term !== this.#term || !isSameOrigin(origin, this.#origin)) return;
    this.#welcomed = true;
    this.#quietTicks = 0;
    const last = this.#applied + this.pending;
    assert(sequence <= last, 'a leader holds commands never submitted', { sequence, last });
    this.#sent = Math.max(sequence, this.#applied);
    this.#sentBytes = 0;
    for (let at = this.#applied + 1; at <= this.#sent; at += 1) this.#sentBytes += this.#encoded(at).length;
    this.#flushSoon();
  }

  tick(): void {
    this.#stalledTicks = this.pending === 0 ? 0 : this.#stalledTicks + 1;
    this.#quietTicks += 1;
    const waiting = !this.#welcomed || this.pending > 0;
    if (waiting && this.#quietTicks >= retryTicks) this.#greet();
  }

  /** The first pending command is applied. */
  #takeNext(): Pending {
    const pending = this.#pending[this.#head] ?? null;
    assert(pending !== null, 'applied a command that was never submitted', { applied: this.#applied });
    this.#applied += 1;
    this.#pending[this.#head] = null;
    this.#head += 1;
    this.#pendingBytes -= pending.encoded.length;
    this.#quietTicks = 0;
    this.#stalledTicks = 0;
    if (this.#applied > this.#sent) this.#sent = this.#applied;
    else this.#sentBytes -= pending.encoded.length;
    if (this.#applied + this.pending > this.#sent) this.#flushSoon();
    if (this.#head > 1_024 && this.#head * 2 > this.#pending.length) {
      this.#pending = this.#pending.slice(this.#head);
      this.#head = 0;
    }
    return pending;
  }

  #greet(): void {
    this.#quietTicks = 0;
    if (this.#leader === null) return;
    this.#post.send(this.#leader, { kind: 'hello', term: this.#term, origin: this.#origin });
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#clock.soon(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#welcomed || this.#leader === null) return;
    const leader = this.#leader;
    const last = this.#applied + this.pending;
    while (this.#welcomed && this.#sent < last && this.#sentBytes < forwardsInFlightBytesMax) {
      const commands: Uint8Array[] = [];
      for (let bytes = 0; this.#sent < last && bytes < appendBytesMax; ) {
        this.#sent += 1;
        const encoded = this.#encoded(this.#sent);
        commands.push(encoded);
        bytes += encoded.length;
        this.#sentBytes += encoded.length;
      }
      this.#post.send(leader, { kind: 'forward', term: this.#term, commands });
    }
  }

  #encoded(sequence: number): Uint8Array {
    const pending = this.#pending[this.#head + sequence - this.#applied - 1] ?? null;
    assert(pending !== null, 'a pending command is missing', { sequence });
    return pending.encoded;
  }
}
