/** Test support: one member of an ensemble, and what it sends. */
import type { Entry } from '../../base/entry.ts';
import type { Incarnation, MemberId } from '../../base/ids.ts';
import type { Seat } from '../../base/membership.ts';
import type { EncodedEffects, EncodedMessage, RaftEngine } from '../engine.ts';
import type { ReadOutcome } from '../state.ts';
import type { TestDisk } from './disk.ts';

export interface Frame {
  readonly from: MemberId;
  readonly incarnation: Incarnation;
  readonly to: MemberId;
  readonly bytes: Uint8Array;
}

export interface Write {
  readonly batch: EncodedEffects['persist'];
  readonly sendAfter: readonly EncodedMessage[];
}

export interface EnsembleMember extends Seat {
  readonly disk: TestDisk;
  /** Null while crashed. */
  raft: RaftEngine | null;
  writes: Write[];
  applied: Entry[];
  reads: ReadOutcome[];
  /** The snapshot it was offered last and needs. */
  wanted: EncodedEffects['fetchSnapshot'];
}
