/**
 * Remembers, outside a member's data directory, how often it had been started when it was last seen at
 * work. A directory that counts fewer starts is an older copy of itself, from a backup say: it may lack
 * what the member voted and acknowledged since.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const lifeRecord = z.object({
  /** Hexadecimal, as members report it. */
  incarnation: z.string(),
  life: z.number().int().positive(),
});
type LifeRecord = z.infer<typeof lifeRecord>;

/** Never fails: what is not on record is merely not noticed. */
export function recordLife(file: string, { incarnation, life }: LifeRecord): void {
  try {
    writeFileSync(file, JSON.stringify({ incarnation, life }), { mode: 0o600 });
  } catch {
    // The disk is full or read-only; the member's own life does not depend on this.
  }
}

export function forgetLife(file: string): void {
  rmSync(file, { force: true });
}

/** How many lives of this incarnation were seen; 0 when nothing is known of it. */
export function livesSeen(file: string, incarnation: number): number {
  try {
    const parsed = lifeRecord.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success && parsed.data.incarnation === incarnation.toString(16) ? parsed.data.life : 0;
  } catch {
    // Absent, or cut short by a power cut.
    return 0;
  }
}
