/**
 * The log's content as its frames are read back, in order. After something that cannot be read the
 * content is adrift: what follows is only taken again from an entry on that replaces everything behind
 * the newest snapshot, because from there nothing that is missing matters.
 */
import { unreachable } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import { previousIndex, term } from '../base/ids.ts';
import type { Item, SegmentStart, StoredHardState } from './item.ts';
import { type LogPoint, origin } from './point.ts';

/** Place in the files behind what was taken. */
export interface FilePlace {
  readonly segment: number;
  readonly bytes: number;
}

/** No file: the log begins anew. */
export const nowhere: FilePlace = { segment: 0, bytes: 0 };

export interface Content {
  readonly base: LogPoint;
  readonly entries: readonly Entry[];
  /** What the next segment follows; `nowhere`: nothing that is in the files counts. */
  readonly end: FilePlace;
}

export class RestoredContent {
  readonly #snapshot: LogPoint | null;
  hardState: StoredHardState = { version: 0, bytes: null };
  life = 0;
  #base: LogPoint = origin;
  /** False: the entry before the first was never read. */
  #baseIsKnown = true;
  #entries: Entry[] = [];
  #end: FilePlace = nowhere;
  #adrift = false;

  /** The newest snapshot that can be read stands for everything up to it. */
  constructor(snapshot: LogPoint | null) {
    this.#snapshot = snapshot;
  }

  get isAdrift(): boolean {
    return this.#adrift;
  }

  /** A segment begins; `follows`: its predecessor was read up to where it says. */
  begin(start: SegmentStart, follows: 'predecessor' | 'nothing'): void {
    this.life = Math.max(this.life, start.life);
    this.#takeHardState(start.hardState);
    if (follows === 'predecessor') return;
    this.#base = start.last;
    this.#baseIsKnown = true;
    this.#entries = [];
    this.#adrift = start.last.index > (this.#snapshot?.index ?? 0);
    if (!this.#adrift) return;
    this.#base = origin;
    this.#end = nowhere;
  }

  /** Everything up to this place was read. */
  readUpTo(place: FilePlace): void {
    if (!this.#adrift) this.#end = place;
  }

  /** Something is missing here. */
  lose(): void {
    this.#adrift = true;
  }

  /** Takes one item in. Returns what is wrong with it, or null. */
  take(item: Item): string | null {
    switch (item.kind) {
      case 'start':
        return 'a segment begins inside a segment';
      case 'hardState':
        this.#takeHardState(item.hardState);
        return null;
      case 'entry':
        return this.#takeEntry(item.entry);
      default:
        return unreachable(item);
    }
  }

  /** What the log holds behind its snapshot and, where that is known, before it. */
  finish(): Content {
    const held: Content = { base: this.#base, entries: this.#entries, end: this.#end };
    const snapshot = this.#snapshot;
    if (snapshot === null) return held;
    const covered = snapshot.index - this.#base.index;
    if (this.#termAt(covered) !== snapshot.term) return { base: snapshot, entries: [], end: nowhere };
    return this.#baseIsKnown ? held : { ...held, base: snapshot, entries: this.#entries.slice(covered) };
  }

  /** Term of the entry so many behind the base, as far as it is held. */
  #termAt(distance: number): number | undefined {
    if (distance !== 0) return this.#entries[distance - 1]?.term;
    return this.#baseIsKnown ? this.#base.term : this.#snapshot?.term;
  }

  #takeHardState(hardState: StoredHardState): void {
    if (hardState.version >= this.hardState.version) this.hardState = hardState;
  }

  /** An entry replaces everything from its index on: a leader's log overruled this one. */
  #takeEntry(entry: Entry): string | null {
    if (this.#adrift || entry.index <= this.#base.index) {
      if (this.#beginAt(entry)) this.#entries.push(entry);
      else if (!this.#adrift) return `entry ${entry.index} stands behind entry ${this.#base.index}`;
      return null;
    }
    const next = this.#base.index + 1 + this.#entries.length;
    if (entry.index > next) return `entry ${entry.index} stands where ${next} was expected`;
    this.#entries.length = entry.index - this.#base.index - 1;
    this.#entries.push(entry);
    return null;
  }

  #beginAt({ index }: Entry): boolean {
    if (index < 1 || index > (this.#snapshot?.index ?? 0) + 1) return false;
    this.#adrift = false;
    this.#entries = [];
    this.#base = { index: previousIndex(index), term: term(0) };
    this.#baseIsKnown = index === 1;
    return true;
  }
}
