import { describe, expect, it } from 'vitest';
import { crashingDisk, PowerCut } from './testing/crashing-disk.ts';
import { type Files, TestDirectory } from './testing/directory.ts';
import { Ledger } from './testing/ledger.ts';
import { live } from './testing/life.ts';

interface Cut {
  readonly files: Files;
  readonly ledger: Ledger;
}

/** What is on disk when a process or its machine ends in front of the `crashAt`-th change; null: the story was over. */
function cutAt(crashAt: number, what: 'process' | 'machine'): Cut | null {
  const directory = new TestDirectory(`${crashAt}`);
  const ledger = new Ledger();
  const power = { left: crashAt };
  directory.through((disk) => crashingDisk(disk, power));
  try {
    live(directory, ledger);
    return null;
  } catch (failure) {
    if (!(failure instanceof PowerCut)) throw failure;
    if (what === 'machine') directory.crash();
    return { files: directory.files(), ledger };
  }
}

describe.each(['process', 'machine'] as const)('the end of a %s at any disk call', (what) => {
  it('leaves a directory that opens undamaged with everything acknowledged', () => {
    let cuts = 0;
    for (let crashAt = 0; ; crashAt += 1) {
      const cut = cutAt(crashAt, what);
      if (cut === null) break;
      cuts += 1;
      const directory = TestDirectory.of(cut.files);
      const opened = directory.open();
      if (!opened.ok) {
        expect({ crashAt, code: opened.error.code, begun: cut.ledger.last.index }).toEqual({
          crashAt,
          code: 'notInitialised',
          begun: 0,
        });
        continue;
      }
      const { damage, restored } = opened.value;
      // The identity, which completes a directory, may be there in one copy only; nothing else ever is.
      const isBegun = cut.ledger.last.index > 0;
      expect({ crashAt, damage: isBegun ? damage : null, bound: restored.votingBound }).toEqual({
        crashAt,
        damage: null,
        bound: null,
      });
      cut.ledger.check(opened.value.restored);
    }
    expect(cuts).toBeGreaterThan(60);
  });
});
