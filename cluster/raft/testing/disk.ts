/** Test support: what a member's disk holds, written at once when told, and damaged when told. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { type LogIndex, logIndex, term as termOf } from '../../base/ids.ts';
import type { Membership } from '../../base/membership.ts';
import type { EncodedEffects, RaftOptions } from '../engine.ts';
import type { LogBase } from '../log.ts';
import type { SnapshotPoint, VotingBound } from '../state.ts';

const writesRemembered = 20;

/** A snapshot, and the state of the store there: all entries applied so far. */
export interface StoredSnapshot extends SnapshotPoint {
  readonly state: readonly Entry[];
}

export class TestDisk {
  hardState: Uint8Array | null = null;
  base: LogBase = { index: logIndex(0), term: termOf(0) };
  entries: readonly Entry[] = [];
  snapshot: StoredSnapshot | null = null;
  votingBound: VotingBound | null = null;
  /** The log before each of the last writes. */
  #before: (readonly Entry[])[] = [];

  get last(): LogIndex {
    return logIndex(this.base.index + this.entries.length);
  }

  /** A disk whose log begins behind the entries of the paper's figures: nothing, under this membership. */
  static of(membership: Membership): TestDisk {
    const disk = new TestDisk();
    disk.snapshot = { ...disk.base, membership, state: [] };
    return disk;
  }

  write({ hardState, entries }: NonNullable<EncodedEffects['persist']>): void {
    if (hardState !== null) this.hardState = hardState;
    const first = entries[0];
    if (first === undefined) return;
    assert(first.index > this.base.index && first.index <= this.last + 1, 'a gap on the disk', { ...first });
    this.#before = [...this.#before.slice(1 - writesRemembered), this.entries];
    this.entries = [...this.entries.slice(0, first.index - 1 - this.base.index), ...entries];
  }

  /** Keeps a snapshot, and the entries from `keepFrom` on. */
  compact(snapshot: StoredSnapshot, keepFrom: LogIndex): void {
    this.snapshot = snapshot;
    const base = this.entries[keepFrom - 2 - this.base.index];
    if (base === undefined) return;
    this.entries = this.entries.filter(({ index }) => index >= keepFrom);
    this.base = { index: base.index, term: base.term };
    this.#before = [];
  }

  /** A fetched snapshot takes the place of everything. */
  rebase(snapshot: StoredSnapshot): void {
    this.snapshot = snapshot;
    this.base = { index: snapshot.index, term: snapshot.term };
    this.entries = [];
    this.#before = [];
  }

  /** Loses everything behind `kept`, knowing or not knowing what stood there. The snapshot stays. */
  damage(kept: LogIndex, knows: 'bound' | 'nothing'): void {
    const floor = Math.max(kept, this.snapshot?.index ?? 0);
    if (floor < this.last)
      this.#lose(
        this.entries.filter(({ index }) => index <= floor),
        knows,
      );
  }

  /** Loses the last writes, so that entries come back which they had replaced. */
  damageWrites(count: number, knows: 'bound' | 'nothing'): void {
    const held = this.#before.at(-count);
    if (held === undefined) return;
    const { snapshot, base } = this;
    const covered = snapshot === null ? base : (held[snapshot.index - base.index - 1] ?? base);
    if (snapshot === null || (covered.index === snapshot.index && covered.term === snapshot.term)) {
      this.#lose(held, knows);
      return;
    }
    // What is left does not reach the snapshot, or differs from it: only the snapshot counts.
    const lost = this.entries.at(-1);
    this.rebase(snapshot);
    if (lost !== undefined && lost.index > snapshot.index) this.#promise(lost, knows);
  }

  #lose(held: readonly Entry[], knows: 'bound' | 'nothing'): void {
    const lost = this.entries.at(-1);
    if (lost === undefined) return;
    this.entries = held;
    this.#before = [];
    this.#promise(lost, knows);
  }

  #promise(lost: Entry, knows: 'bound' | 'nothing'): void {
    if (knows === 'nothing') this.votingBound = { kind: 'unknown' };
    else
      this.votingBound = laterBound(this.votingBound, { kind: 'point', index: lost.index, term: lost.term });
  }

  restored(): RaftOptions['restored'] {
    const { hardState, base, entries, snapshot, votingBound } = this;
    return { hardState, base, entries: [...entries], snapshot, votingBound };
  }
}

/** Damage on top of damage: the further promise counts. */
function laterBound(known: VotingBound | null, found: VotingBound & { kind: 'point' }): VotingBound {
  if (known === null) return found;
  if (known.kind === 'unknown') return known;
  const isLater = found.term > known.term || (found.term === known.term && found.index > known.index);
  return isLater ? found : known;
}
