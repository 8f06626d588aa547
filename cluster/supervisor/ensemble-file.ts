/** `ensemble.json`: what an ensemble is, and which change of its members is under way. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ensembleChange } from '../api/changes.ts';
import { standing } from '../api/membership.ts';
import { ensembleSettings } from '../api/settings.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { memberTiming } from './member-messages.ts';
import { syncFolder } from './sync-folder.ts';

const id48 = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 48 - 1);
const port = z.number().int().min(1).max(65_535);
const memberNumber = z.number().int().min(1).max(255);

const memberRecord = z.object({
  id: memberNumber,
  clientPort: port,
  peerPort: port,
  /** Which life of its data directory belongs here: drawn before the directory is made. */
  incarnation: id48,
  /** As far as the supervisor knows; what counts is the membership in the members' logs. */
  standing,
});
export type MemberRecord = z.infer<typeof memberRecord>;

/** A seat that was given up: its data directory must never take part again. */
const tombstone = z.object({
  member: memberNumber,
  incarnation: id48,
  why: z.enum(['removed', 'replaced', 'recovered']),
  /** Wall milliseconds. */
  atMs: z.number(),
  /** Where its directory was archived; null when there was none to archive, or it is where it was. */
  archive: z.string().nullable(),
});
export type Tombstone = z.infer<typeof tombstone>;

/** A change of members as it must be known after a crash: what the console sees, and what only the next step needs. */
const changeRecord = ensembleChange.extend({
  /** The seat to be given up; null when there is none. */
  oldIncarnation: id48.nullable(),
  /** The seat to be taken; null when there is none. */
  newIncarnation: id48.nullable(),
  /** Whether the learner is to become a voter. */
  promote: z.boolean(),
});
export type ChangeRecord = z.infer<typeof changeRecord>;

const ensembleRecord = z.object({
  format: z.literal(2),
  /**
   * `creating` until every founder's directory exists. Nothing was acknowledged before that, so a
   * creation that broke off is simply begun again.
   */
  state: z.enum(['creating', 'created']),
  name: z.string().min(1),
  clusterId: id48,
  /** Members prove it to each other; the file is readable by its owner only. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  timing: memberTiming,
  settings: ensembleSettings,
  clientPortBase: z.number().int().min(0).max(65_535),
  members: z.array(memberRecord).min(1),
  removed: z.array(tombstone),
  change: changeRecord.nullable(),
});
export type EnsembleRecord = z.infer<typeof ensembleRecord>;

/** `olderFormat`: of a version whose logs do not say who belongs to the ensemble. */
export interface UnreadableRecord {
  readonly kind: 'damaged' | 'olderFormat';
  readonly problem: string;
}

/** The record in a file, or what is wrong with it. */
export function readEnsembleFile(path: string): Result<EnsembleRecord, UnreadableRecord> {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (z.object({ format: z.literal(1) }).safeParse(content).success) {
      return fail({ kind: 'olderFormat', problem: 'it is of format 1, and this version reads format 2' });
    }
    const parsed = ensembleRecord.safeParse(content);
    return parsed.success
      ? ok(parsed.data)
      : fail({ kind: 'damaged', problem: z.prettifyError(parsed.error) });
  } catch (failure) {
    return fail({ kind: 'damaged', problem: failure instanceof Error ? failure.message : String(failure) });
  }
}

/** Replaces the file durably: never half, and still there after a power cut. */
export function writeEnsembleFile(path: string, record: EnsembleRecord): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(record, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}
