/**
 * Exactly once: the last command applied of every stream of forwarded commands (DESIGN.md 5.4).
 * A command counts only as the next of its stream: a repetition, a gap or a dead life changes
 * nothing, whatever leader the origin sent it to.
 */
import type { Incarnation } from '../base/ids.ts';
import type { Origin } from './command.ts';
import { DigestSum, RecordHash, recordKinds } from './digest.ts';

/** How far one stream of forwarded commands was applied. */
export interface OriginRecord {
  readonly origin: Origin;
  readonly lastSequence: number;
}

interface Stream {
  readonly origin: Origin;
  lastSequence: number;
}

export class OriginTable {
  /** One row per data directory ever used; only a replaced member adds one. */
  readonly #streams = new Map<Incarnation, Stream>();

  /**
   * Counts the command if it is the next of its stream: number `last + 1` of the current life, or
   * number 1 of a later one. Returns the origin as one shared object, or null when it is not next.
   */
  accept(origin: Origin, sequence: number): Origin | null {
    const stream = this.#streams.get(origin.incarnation);
    if (stream !== undefined && stream.origin.life === origin.life) {
      if (sequence !== stream.lastSequence + 1) return null;
      stream.lastSequence = sequence;
      return stream.origin;
    }
    if (stream !== undefined && stream.origin.life > origin.life) return null;
    if (sequence !== 1) return null;
    this.#streams.set(origin.incarnation, { origin, lastSequence: sequence });
    return origin;
  }

  /** The last number applied of exactly this life; 0 when none. */
  lastSequence(origin: Origin): number {
    const stream = this.#streams.get(origin.incarnation);
    return stream?.origin.life === origin.life ? stream.lastSequence : 0;
  }

  get count(): number {
    return this.#streams.size;
  }

  /** A copy of all rows: they are few, and change. */
  all(): readonly OriginRecord[] {
    return [...this.#streams.values()].map((stream) => ({ ...stream }));
  }

  /** A row of an image. */
  load({ origin, lastSequence }: OriginRecord): void {
    this.#streams.set(origin.incarnation, { origin, lastSequence });
  }

  /** Computed when asked for: the rows are few and change with every command. */
  digest(): DigestSum {
    const sum = new DigestSum();
    const hash = new RecordHash();
    for (const { origin, lastSequence } of this.#streams.values()) {
      hash.start(recordKinds.origin);
      hash.integer(origin.incarnation);
      hash.integer(origin.member);
      hash.integer(origin.life);
      hash.integer(lastSequence);
      hash.finish();
      sum.add(hash);
    }
    return sum;
  }
}
