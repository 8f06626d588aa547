/** What opening a data directory found damaged, and what becomes of it. */
import type { Flaw } from './replay.ts';

/** Where damaged files are set aside. */
export const damagedFolder = 'damaged';

/**
 * `secondCopy`: made whole again from its copy. `olderSnapshot`: an older one and the log take its place.
 * `snapshotCovers`: only entries that a snapshot stands for. `peers`: a leader must bring it back.
 */
export type Cure = 'secondCopy' | 'olderSnapshot' | 'snapshotCovers' | 'peers';

export interface DamageFinding extends Flaw {
  readonly cure: Cure;
}

export interface Damage {
  readonly findings: readonly DamageFinding[];
  /** Folder that keeps what was set aside, or null. */
  readonly archive: string | null;
}
