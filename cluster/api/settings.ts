/** How an ensemble behaves where there is a choice: one set for all its members, kept in its data folder. */
import { z } from 'zod';

const onOff = z.enum(['on', 'off']);

export const ensembleSettings = z.object({
  /** `manual`: no member campaigns until the operator says so (passive failover). */
  elections: z.enum(['automatic', 'manual']),
  /** Asking whether an election could be won before starting one (thesis §9.6). */
  preVote: onOff,
  /** A leader that does not hear from a majority steps down (thesis §6.2). */
  checkQuorum: onOff,
  /** `on`: every read waits for a leader's confirmation, as if a `sync` came before it. */
  linearizableReads: onOff,
  /** A leader whose fsync p99 stays above this many milliseconds hands over; null: it does not. */
  slowDiskMs: z.number().positive().nullable(),
  snapshots: z.object({
    /** Applied entries, and bytes of log, after which a member takes its next snapshot. */
    everyEntries: z.number().int().min(100),
    everyBytes: z
      .number()
      .int()
      .min(1024 * 1024),
    /** Generations kept. */
    kept: z.number().int().min(1).max(100),
    /** Entries kept in the log behind the newest snapshot, for members that lag a little. */
    logEntriesKept: z.number().int().min(0),
  }),
});
export type EnsembleSettings = z.infer<typeof ensembleSettings>;

/** Settings to change; what is left out stays as it is. */
export type SettingsWish = Partial<Omit<EnsembleSettings, 'snapshots'>> & {
  readonly snapshots?: Partial<EnsembleSettings['snapshots']>;
};

export const defaultSettings: EnsembleSettings = {
  elections: 'automatic',
  preVote: 'on',
  checkQuorum: 'on',
  linearizableReads: 'off',
  slowDiskMs: null,
  snapshots: {
    everyEntries: 50_000,
    everyBytes: 64 * 1024 * 1024,
    kept: 3,
    logEntriesKept: 10_000,
  },
};
