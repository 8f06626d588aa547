/** Test support: what a member's disk holds, written at once when told, and damaged when told. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { type LogIndex, logIndex, term as termOf } from '../../base/ids.ts';
import type { Membership } from '../../base/membership.ts';
import type { EncodedEffects, RaftOptions } from '../engine.ts';
import type { LogBase } from '../log.ts';
import type { SnapshotPoint, VotingBound } from '../state.ts';

/** A snapshot, and the state of the store there: all entries applied so far. */
export interface StoredSnapshot extends SnapshotPoint {
  readonly state: readonly Entry[];
}

export class TestDisk {
  hardState: Uint8Array | null = null;
  base: LogBase = { index: logIndex(0), term: termOf(0) };
  entries: Entry[] = [];
  snapshot: StoredSnapshot | null = null;
  votingBound: VotingBound | null = null;

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
    this.entries.length = first.index - 1 - this.base.index;
    this.entries.push(...entries);
  }

  /** Keeps a snapshot, and the entries from `keepFrom` on. */
  compact(snapshot: StoredSnapshot, keepFrom: LogIndex): void {
    this.snapshot = snapshot;
    const base = this.entries[keepFrom - 2 - this.base.index];
    if (base === undefined) return;
    this.entries = this.entries.filter(({ index }) => index >= keepFrom);
    this.base = { index: base.index, term: base.term };
  }

  /** A fetched snapshot takes the place of everything. */
  rebase(snapshot: StoredSnapshot): void {
    this.snapshot = snapshot;
    this.base = { index: snapshot.index, term: snapshot.term };
    this.entries = [];
  }

  /** Loses everything behind `kept`, knowing or not knowing what stood there. The snapshot stays. */
  damage(kept: LogIndex, knows: 'bound' | 'nothing'): void {
    const lost = this.entries.at(-1);
    const floor = Math.max(kept, this.snapshot?.index ?? 0);
    if (lost === undefined || lost.index <= floor) return;
    this.entries = this.entries.filter(({ index }) => index <= floor);
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
