/** What a directory has acknowledged, to be compared with what opening it gives back. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import type { PersistBatch, RestoredLog } from '../../ports/consensus.ts';
import { textOf } from './directory.ts';

interface Held {
  /** From entry 1 on, also what snapshots stand for. */
  readonly entries: readonly Entry[];
  readonly hardState: Uint8Array | null;
}

export class Ledger {
  #held: Held = { entries: [], hardState: null };
  /** What is being written, and holds all or nothing of it. */
  #intended: Held | null = null;
  /** Every entry that was ever acknowledged, as text: later ones may have replaced it. */
  readonly #everHeld = new Set<string>();

  get held(): Held {
    return this.#held;
  }

  get entries(): readonly Entry[] {
    return this.#held.entries;
  }

  /** About to be appended. */
  intend({ entries, hardState }: PersistBatch): void {
    const held = this.#held;
    const from = entries[0]?.index ?? held.entries.length + 1;
    this.#intended = {
      hardState: hardState ?? held.hardState,
      entries: [...held.entries.slice(0, from - 1), ...entries],
    };
    for (const entry of entries) this.#everHeld.add(entryText(entry));
  }

  /** About to be replaced by a leader's snapshot of all these entries; votes stay. */
  intendSnapshot(entries: readonly Entry[]): void {
    this.#intended = { ...this.#held, entries };
    for (const entry of entries) this.#everHeld.add(entryText(entry));
  }

  /** What was intended is durable. */
  acknowledge(): void {
    this.#held = this.#intended ?? this.#held;
    this.#intended = null;
  }

  /** Index and term of the last entry. */
  get last(): { readonly index: number; readonly term: number } {
    return this.#held.entries.at(-1) ?? { index: 0, term: 0 };
  }

  /** Throws when something acknowledged is missing, wrong or not bounded. */
  check(restored: RestoredLog, at = 'anywhere'): void {
    const { index, term } = this.last;
    const found = textOf(restored);
    assert(
      this.#allowed().some((held) => sameBytes(held.hardState, restored.hardState)),
      'a vote was forgotten',
      { at },
    );
    checkOrder(restored);
    const bound = restored.votingBound;
    if (bound === null) {
      const isOne = this.#allowed().some((held) => isHeld(held, restored));
      assert(isOne, 'entries are missing or wrong', { at, found });
      return;
    }
    for (const entry of restored.entries)
      assert(this.#everHeld.has(entryText(entry)), 'an entry that never was', { at, index: entry.index });
    if (bound.kind === 'unknown') return;
    const covers = bound.term === term ? bound.index >= index : bound.term > term;
    assert(covers, 'the bound does not cover what was promised', {
      at,
      index: bound.index,
      term: bound.term,
    });
  }

  #allowed(): readonly Held[] {
    return this.#intended === null ? [this.#held] : [this.#held, this.#intended];
  }
}

function isHeld(held: Held, { base, entries, snapshot }: RestoredLog): boolean {
  const expected = held.entries.slice(base.index);
  const isSnapshot = snapshot === null || held.entries[snapshot.index - 1]?.term === snapshot.term;
  return (
    isSnapshot &&
    expected.length === entries.length &&
    expected.every((entry, at) => entryText(entry) === entryText(entries[at] ?? entry))
  );
}

/** What the port says of base, entries and snapshot. */
function checkOrder({ base, entries, snapshot }: RestoredLog): void {
  assert(base.index <= (snapshot?.index ?? 0), 'the log begins behind what a snapshot stands for');
  assert((snapshot?.index ?? 0) <= base.index + entries.length, 'the snapshot lies behind the log');
}

function entryText(entry: Entry): string {
  return textOf({ hardState: null, entries: [entry] });
}

function sameBytes(left: Uint8Array | null, right: Uint8Array | null): boolean {
  if (left === null || right === null) return left === right;
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
