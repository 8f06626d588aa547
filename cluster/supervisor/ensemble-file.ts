/** `ensemble.json`: what an ensemble is, written when it is founded and when its ports change. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { memberTiming } from './member-messages.ts';
import { syncFolder } from './sync-folder.ts';

const id48 = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 48 - 1);
const port = z.number().int().min(1).max(65_535);

const ensembleRecord = z.object({
  format: z.literal(1),
  /**
   * `creating` until every member's directory exists. Nothing was acknowledged before that, so a
   * creation that broke off is simply begun again.
   */
  state: z.enum(['creating', 'created']),
  name: z.string().min(1),
  clusterId: id48,
  /** Members prove it to each other; the file is readable by its owner only. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  timing: memberTiming,
  clientPortBase: z.number().int().min(0).max(65_535),
  members: z
    .array(
      z.object({
        id: z.number().int().min(1).max(255),
        clientPort: port,
        peerPort: port,
        /** Which life of its data directory belongs here; null while creating. */
        incarnation: id48.nullable(),
      }),
    )
    .min(1),
});
export type EnsembleRecord = z.infer<typeof ensembleRecord>;

/** The record in a file, or what is wrong with it. */
export function readEnsembleFile(path: string): Result<EnsembleRecord, string> {
  try {
    const parsed = ensembleRecord.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? ok(parsed.data) : fail(z.prettifyError(parsed.error));
  } catch (failure) {
    return fail(failure instanceof Error ? failure.message : String(failure));
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
