import { describe, expect, it } from 'vitest';
import { assert } from '../base/assert.ts';
import { type Files, TestDirectory } from './testing/directory.ts';
import { Ledger } from './testing/ledger.ts';
import { live } from './testing/life.ts';
import { type Ending, tellStory } from './testing/scenario.ts';

/** Header of a frame, one entry: kind, index, term, kind, length and the text `ten`. */
const lastFrameBytes = 32 + 1 + 8 + 4 + 1 + 4 + 3;

/** What opening a damaged directory came to, a second time too; throws when a promise was broken. */
function outcomeOf(directory: TestDirectory, ledger: Ledger, at: string): string {
  const opened = directory.open();
  if (!opened.ok) {
    const { code, file, todo } = opened.error;
    assert(file !== '' && todo.includes('muster member replace'), 'a refusal says what to do', { at, code });
    return `refused: ${code}`;
  }
  const { restored, damage } = opened.value;
  const again = directory.opened().restored;
  for (const found of [restored, again]) ledger.check(found, at);
  assert((again.votingBound === null) === (restored.votingBound === null), 'a repair outlives a restart', {
    at,
  });
  if (restored.votingBound !== null) return `repairing: ${restored.votingBound.kind}`;
  const [finding] = damage?.findings ?? [];
  return finding === undefined ? 'whole' : `healed: ${finding.cure}`;
}

function withFlip(files: Files, path: string, at: number, bit: number): Files {
  const flipped = (files.get(path) as Uint8Array).slice();
  flipped[at] = (flipped[at] as number) ^ (1 << bit);
  return new Map([...files, [path, flipped]]);
}

interface Told {
  readonly files: Files;
  readonly ledger: Ledger;
}

function told(ending: Ending): Told {
  const story = TestDirectory.create();
  const { ledger } = tellStory(story, ending);
  return { files: story.files(), ledger };
}

/** Opens the directory with every chosen bit flipped; counts what came of it, by file. */
function flipAll(
  { files, ledger }: Told,
  bitsOf: (at: number) => readonly number[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [path, bytes] of files) {
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of bitsOf(at)) {
        const directory = TestDirectory.of(withFlip(files, path, at, bit));
        const outcome = `${path.replace(/\/.*/, '')}: ${outcomeOf(directory, ledger, `${path} byte ${at} bit ${bit}`)}`;
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** Every byte is hit; all eight bits of each take eight times as long and find nothing else. */
const twoBits = (at: number): readonly number[] => [at % 8, (at + 3) % 8];
const oneBit = (at: number): readonly number[] => [at % 8];
const timeoutMs = 60_000;

/** What there is to come of it; nothing is ever refused, because one flip never strikes twice. */
const outcomes = [
  'hard-state.1: whole', // as after a power cut while it was written
  'hard-state.2: whole',
  'identity.copy: healed: secondCopy',
  'identity: healed: secondCopy',
  'log-end.copy: healed: secondCopy',
  'log-end: healed: secondCopy',
  'log: healed: secondCopy',
  'log: healed: snapshotCovers',
  'log: repairing: point',
  'mark: whole',
  'snapshots: healed: olderSnapshot',
  'snapshots: whole', // an older generation is only read to its end when it is needed
];

describe('one flipped bit', () => {
  it(
    'anywhere in the directory of a member that was killed breaks no promise',
    () => {
      expect([...flipAll(told('killed'), twoBits).keys()].sort()).toEqual(outcomes);
    },
    timeoutMs,
  );

  it(
    'anywhere in the directory of a member that was closed in good order breaks no promise',
    () => {
      expect([...flipAll(told('closed'), oneBit).keys()].sort()).toEqual(
        outcomes.map((outcome) => outcome.replace(/^(hard-state.*): whole$/, '$1: healed: secondCopy')),
      );
    },
    timeoutMs,
  );

  it(
    'anywhere behind a fetched snapshot breaks no promise, though only peers can replace that',
    () => {
      const directory = new TestDirectory();
      const ledger = new Ledger();
      live(directory, ledger);
      const found = [...flipAll({ files: directory.files(), ledger }, oneBit).keys()];
      expect(found.sort()).toEqual(
        [
          ...outcomes.filter((outcome) => !/snapshotCovers/.test(outcome)),
          'snapshots: repairing: point',
        ].sort(),
      );
    },
    timeoutMs,
  );

  it('breaks one after a power cut only: in the last append, which nothing tells from a torn one', () => {
    const { files, ledger } = told('powerCut');
    const [path, bytes] = [...files].findLast(([name]) => name.startsWith('log/')) as [string, Uint8Array];
    const broken: number[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      try {
        outcomeOf(TestDirectory.of(withFlip(files, path, at, at % 8)), ledger, `byte ${at}`);
      } catch {
        broken.push(at);
      }
    }
    const lastFrame = bytes.length - lastFrameBytes;
    expect(broken).toEqual(Array.from({ length: lastFrameBytes }, (_, at) => lastFrame + at));
  });
});
