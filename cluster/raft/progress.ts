/**
 * What a leader knows of one follower.
 *
 *   snapshot ◀── needs what is gone ── probe ── accepted ──▶ replicate
 *      │                               ▲  ▲                      │
 *      └── has what the log needs ─────┘  └── rejected, lost ────┘
 *
 * A probe looks for the point where the logs agree, one message at a time. A replicating follower is
 * fed optimistically: messages are pipelined, bounded by their number and their bytes in flight. One
 * that was offered a snapshot gets nothing but the offer, again and again, until it has it.
 */
import type { Incarnation, LogIndex, MemberId } from '../base/ids.ts';
import { logIndex, nextIndex, previousIndex } from '../base/ids.ts';
import { appendBytesInFlightMax, appendMessagesInFlightMax } from '../base/limits.ts';

export type ProgressMode =
  /** `awaited`: a probe is out; the next one waits for an answer, or for an answered heartbeat. */
  | { readonly kind: 'probe'; readonly reply: 'awaited' | 'none' }
  | { readonly kind: 'replicate' }
  | { readonly kind: 'snapshot' };

export interface InFlight {
  readonly last: LogIndex;
  readonly bytes: number;
}

export interface ProgressOptions {
  readonly id: MemberId;
  readonly incarnation: Incarnation;
  readonly next: LogIndex;
  readonly nowTick: number;
}

export class Progress {
  readonly id: MemberId;
  readonly incarnation: Incarnation;
  /** The follower's durable log equals ours up to here, as far as it said. Invariant: `match < next`. */
  #match: LogIndex = logIndex(0);
  /** The next entry to send. */
  #next: LogIndex;
  #mode: ProgressMode = { kind: 'probe', reply: 'none' };
  #inFlight: InFlight[] = [];
  #inFlightBytes = 0;
  /** Tick of the last message from this follower; of the beginning, before the first one. */
  #heardAtTick: number;
  #hasAnswered = false;
  /** Highest commit index this follower was told. */
  commitTold: LogIndex = logIndex(0);

  constructor(options: ProgressOptions) {
    this.id = options.id;
    this.incarnation = options.incarnation;
    this.#next = options.next;
    this.#heardAtTick = options.nowTick;
  }

  get heardAtTick(): number {
    return this.#heardAtTick;
  }

  /** Whether it has ever answered this leader: `heardAtTick` alone gives a new leader's followers time. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  get match(): LogIndex {
    return this.#match;
  }

  get next(): LogIndex {
    return this.#next;
  }

  get mode(): ProgressMode {
    return this.#mode;
  }

  get inFlight(): readonly InFlight[] {
    return this.#inFlight;
  }

  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  heard(nowTick: number): void {
    this.#heardAtTick = nowTick;
    this.#hasAnswered = true;
  }

  /** Whether another append may leave now. A probe may be empty; a replicating follower gets entries. */
  canTake(last: LogIndex): boolean {
    if (this.#mode.kind !== 'replicate') return this.#mode.kind === 'probe' && this.#mode.reply === 'none';
    return (
      this.#next <= last &&
      this.#inFlight.length < appendMessagesInFlightMax &&
      this.#inFlightBytes < appendBytesInFlightMax
    );
  }

  /** An append up to `last` leaves. A probe does not move `next`: its answer does. */
  sent(message: InFlight): void {
    if (this.#mode.kind !== 'replicate') {
      this.#mode = { kind: 'probe', reply: 'awaited' };
      return;
    }
    this.#inFlight.push(message);
    this.#inFlightBytes += message.bytes;
    this.#next = nextIndex(message.last);
  }

  /** The follower holds everything up to `match`. A late acknowledgement changes nothing. */
  accepted(match: LogIndex): void {
    if (this.#match < match) this.#match = match;
    if (this.#next <= this.#match) this.#next = nextIndex(this.#match);
    if (this.#mode.kind === 'probe') {
      // An acknowledgement from before the probe says nothing about the probed point.
      if (match >= previousIndex(this.#next)) {
        this.#mode = { kind: 'replicate' };
      }
      return;
    }
    if (this.#mode.kind === 'snapshot') return;
    for (let oldest = this.#inFlight[0]; oldest !== undefined; oldest = this.#inFlight[0]) {
      if (oldest.last > this.#match) break;
      this.#inFlight.shift();
      this.#inFlightBytes -= oldest.bytes;
    }
  }

  /** The follower refused an append after `previous`. Says whether that is news; then `retryFrom` is due. */
  isRejectionCurrent(previous: LogIndex): boolean {
    if (this.#mode.kind === 'replicate') return previous > this.#match;
    if (this.#mode.kind === 'snapshot') return false;
    return previous === previousIndex(this.#next);
  }

  /**
   * The follower refused a probe right behind `match`: its disk lost an end that it had acknowledged.
   * From here on only what it still has is counted. Too low a claim, after a late refusal, is safe.
   */
  lostAfter(agreed: LogIndex): void {
    if (agreed < this.#match) this.#match = agreed;
  }

  /** Starts probing at `next`, or just after `match` when that is later. */
  retryFrom(next: LogIndex): void {
    this.#next = next > this.#match ? next : nextIndex(this.#match);
    this.#mode = { kind: 'probe', reply: 'none' };
    this.#inFlight = [];
    this.#inFlightBytes = 0;
  }

  /** What it needs next is not in the log any more. */
  awaitSnapshot(): void {
    this.retryFrom(nextIndex(this.#match));
    this.#mode = { kind: 'snapshot' };
  }

  /** The follower answers heartbeats: a probe that got no answer may be repeated. */
  resumeProbe(): void {
    if (this.#mode.kind === 'probe') this.#mode = { kind: 'probe', reply: 'none' };
  }

  /** Nothing reaches the follower for now: waits for it to answer a heartbeat. */
  pause(): void {
    this.retryFrom(nextIndex(this.#match));
    this.#mode = { kind: 'probe', reply: 'awaited' };
  }
}
