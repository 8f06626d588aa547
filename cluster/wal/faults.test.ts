import { describe, expect, it } from 'vitest';
import { createSeededRandom, type SeededRandom } from '../sim/random.ts';
import { type Files, TestDirectory } from './testing/directory.ts';
import { tellStory } from './testing/scenario.ts';

const runs = 800;

/** A bit flipped, a file cut short, or a file gone. The mark is left alone: without it the last append is ambiguous. */
function damageOnce(files: Map<string, Uint8Array>, random: SeededRandom): string {
  const paths = [...files.keys()].filter((path) => path !== 'mark');
  const path = paths[random.below(paths.length)] as string;
  const bytes = (files.get(path) as Uint8Array).slice();
  const at = random.below(bytes.length);
  const kind = random.below(10);
  if (kind === 0) files.delete(path);
  else if (kind === 1) files.set(path, bytes.subarray(0, at));
  else {
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
    files.set(path, bytes);
  }
  return `${kind} ${path} ${at}`;
}

describe('several faults at once', () => {
  it('are healed, repaired or refused, but never break a promise', () => {
    const story = TestDirectory.create();
    const { ledger } = tellStory(story, 'killed');
    const files: Files = story.files();
    const counts = { use: 0, repair: 0, refuse: 0 };
    for (let run = 0; run < runs; run += 1) {
      const random = createSeededRandom(`faults ${run}`);
      const damaged = new Map(files);
      const faults = Array.from({ length: 2 + random.below(2) }, () => damageOnce(damaged, random)).join(
        ', ',
      );
      const directory = TestDirectory.of(damaged);
      const opened = directory.open();
      if (!opened.ok) {
        counts.refuse += 1;
        expect(opened.error.todo).toContain('muster member replace');
        continue;
      }
      ledger.check(opened.value.restored, faults);
      ledger.check(directory.opened().restored, `${faults}, opened again`);
      counts[opened.value.restored.votingBound === null ? 'use' : 'repair'] += 1;
    }
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(runs / 20);
  }, 60_000);
});
