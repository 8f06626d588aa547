/** Replays the scenarios beside this file. `vitest -u` rewrites what they print, to be reviewed as a diff. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createScenario } from './testing/scenario.ts';
import { replay } from './testing/transcript.ts';

const folder = `${import.meta.dirname}/transcripts`;

for (const name of readdirSync(folder)) {
  it(`replays ${name}`, async () => {
    const file = `${folder}/${name}`;
    const scenario = createScenario();
    const today = replay(readFileSync(file, 'utf8'), (command) => scenario.run(command));
    await expect(today).toMatchFileSnapshot(file);
  });
}
