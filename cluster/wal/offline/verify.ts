/** Reads every byte of a data directory and reports everything that is wrong, without changing anything. */
import type { Disk } from '../../ports/disk.ts';
import { type Cure, damagedFolder } from '../damage.ts';
import { failedDisk, type WalError } from '../error.ts';
import type { Identity } from '../identity.ts';
import { scanSnapshots, snapshotFolder, unfinishedSnapshots } from '../snapshot-files.ts';
import { type Inspection, inspectWal } from './inspect.ts';

export interface VerifyFinding {
  readonly file: string;
  readonly offset: number | null;
  readonly what: string;
  /**
   * What the next start of the member does: a `Cure`, or `refuse`. `none`: nothing needs to be done,
   * and nothing is lost.
   */
  readonly outcome: Cure | 'refuse' | 'none';
}

export interface Verification {
  /** Whether nothing that was promised is damaged: at most findings with the outcome `none`. */
  readonly isWhole: boolean;
  readonly findings: readonly VerifyFinding[];
  /** Why the member would not start, with what to do; null: it would. */
  readonly refusal: WalError | null;
}

/** Everything that is wrong with a directory. */
export function verifyWal(disk: Disk): Verification {
  const inspected = inspectWal(disk);
  if (!inspected.ok) return refused(inspected.error);
  try {
    const { identity } = inspected.value;
    const findings = [
      ...logFindings(inspected.value),
      ...olderGenerations(disk, identity),
      ...leftovers(disk),
    ];
    return { isWhole: findings.every(({ outcome }) => outcome === 'none'), findings, refusal: null };
  } catch (failure) {
    return refused(failedDisk(failure).error);
  }
}

function refused(error: WalError): Verification {
  const { file, offset, what } = error;
  return { isWhole: false, findings: [{ file, offset, what, outcome: 'refuse' }], refusal: error };
}

function logFindings({ findings, torn, votingBound, fenced }: Inspection): readonly VerifyFinding[] {
  const found: VerifyFinding[] = findings.map(({ cure, ...rest }) => ({ ...rest, outcome: cure }));
  if (torn !== null) {
    const what = `a last write of ${torn.bytes} bytes was cut short; it was never acknowledged, unless power was lost and exactly these bytes were damaged`;
    found.push({ file: torn.file, offset: torn.offset, what, outcome: 'none' });
  }
  if (votingBound !== null && found.every(({ outcome }) => outcome !== 'peers'))
    found.push({ file: 'repair', offset: null, what: 'an earlier loss is being repaired', outcome: 'peers' });
  if (fenced !== null)
    found.push({
      file: 'fence',
      offset: null,
      what: `this member fenced itself: ${fenced}`,
      outcome: 'refuse',
    });
  return found;
}

/** The older generations, which a start only reads when it needs them. */
function olderGenerations(disk: Disk, identity: Identity): readonly VerifyFinding[] {
  const [, ...older] = scanSnapshots(disk, identity).whole;
  return older
    .map((reader) => reader.verify())
    .filter((error) => error !== null)
    .map(({ file, offset, what }) => ({ file, offset, what, outcome: 'olderSnapshot' }));
}

function leftovers(disk: Disk): readonly VerifyFinding[] {
  const unfinished = unfinishedSnapshots(disk).map((file) => ({
    file: `${snapshotFolder}/${file}`,
    offset: null,
    what: 'a snapshot that was not finished',
    outcome: 'none' as const,
  }));
  // Of the folders whose turn it was to go only the names are left.
  const filled = disk.list(damagedFolder).filter((name) => disk.list(`${damagedFolder}/${name}`).length > 0);
  const archives = filled.map((name) => ({
    file: `${damagedFolder}/${name}`,
    offset: null,
    what: 'damaged files that were set aside earlier',
    outcome: 'none' as const,
  }));
  return [...unfinished, ...archives];
}
