/**
 * What each finding in the log means, as tables. A segment comes into being whole, with its first
 * frames; each later frame is written whole and made durable before the next one begins. So only the
 * very last write may be found half done, and it was never acknowledged: a torn tail. A bad frame is
 * taken for one only when nothing that was written later is found behind it, and no note says that the
 * log was durable that far: `log-end` (synced, at each segment's begin and at the end of a good run),
 * `hard-state` (synced, with each vote), `mark` (not synced, with each append).
 *
 * What stays ambiguous, and is cut like a torn tail:
 * - a power cut (the mark is lost) together with damage to the very last append, or to everything from
 *   some frame's header to the end of the file. A vote in it is safe in its second copy; entries come
 *   back from the leader while a majority's disks are intact.
 * - a lying disk that loses acknowledged appends in a power cut, and the marks with them. What is
 *   detected: a log shorter than any note that did reach the disk, so always one that lost a vote, the
 *   begin of a segment, or anything written before the disk came round to a mark. What is only bounded:
 *   the appends since the newest such note. A disk that lies about `replace` too may lose that note.
 */
import { AssertionFailure } from '../base/assert.ts';

export type Verdict = 'goOn' | 'end' | 'cutTail' | 'lost';

export interface Finding {
  /** What stands at this offset; `none` is the end of the file. */
  readonly reading: 'none' | 'whole' | 'bad';
  /** The first frame of a segment, or one that was appended. */
  readonly place: 'first' | 'appended';
  readonly segment: 'last' | 'earlier';
  /** Whether it is known that these bytes were durable: something later was written, or a note says so. */
  readonly proof: 'wasDurable' | 'none';
}

const ANY = 'any';

/** One row per combination: reading, place, segment, proof, verdict. */
export const recoveryRules = [
  ['whole', ANY, ANY, ANY, 'goOn'],
  ['none', 'first', ANY, ANY, 'lost'], // a segment is made with its first frames, by a rename
  ['none', 'appended', ANY, 'wasDurable', 'lost'], // the file was cut off where a frame ends
  ['none', 'appended', ANY, 'none', 'end'],
  ['bad', 'first', ANY, ANY, 'lost'],
  ['bad', 'appended', 'earlier', ANY, 'lost'], // a later segment was begun after this frame was durable
  ['bad', 'appended', 'last', 'wasDurable', 'lost'],
  ['bad', 'appended', 'last', 'none', 'cutTail'],
] as const satisfies readonly (readonly [
  Finding['reading'],
  Finding['place'] | typeof ANY,
  Finding['segment'] | typeof ANY,
  Finding['proof'] | typeof ANY,
  Verdict,
])[];

/** The rows that match; the table is right when there is exactly one for every finding. */
export function matchingRules(finding: Finding): readonly Verdict[] {
  return recoveryRules
    .filter(
      ([reading, place, segment, proof]) =>
        reading === finding.reading &&
        (place === ANY || place === finding.place) &&
        (segment === ANY || segment === finding.segment) &&
        (proof === ANY || proof === finding.proof),
    )
    .map(([, , , , verdict]) => verdict);
}

/** What to do about a finding. */
export function judge(finding: Finding): Verdict {
  return only(matchingRules(finding), { ...finding });
}

export type LossVerdict = 'use' | 'repairToPoint' | 'repairBlindly' | 'refuse';

/** What the whole log came to. */
export interface Loss {
  /** `covered`: something is lost that a snapshot stands for. `cut`: only a beginning is left. */
  readonly log: 'whole' | 'covered' | 'cut';
  /** Whether both files of `hard-state` can be read: of one that cannot, nobody knows how new it was. */
  readonly hardStateCopy: 'whole' | 'damaged';
  /** Whether it is certain what the last entry was that may have been acknowledged. */
  readonly promised: 'known' | 'unknown';
}

/** One row per combination: log, second copy of the hard state, promised, verdict. */
export const lossRules = [
  ['whole', ANY, ANY, 'use'],
  ['covered', 'whole', ANY, 'use'],
  ['covered', 'damaged', ANY, 'refuse'], // the lost part may have held the newest vote
  ['cut', 'damaged', ANY, 'refuse'],
  ['cut', 'whole', 'known', 'repairToPoint'],
  ['cut', 'whole', 'unknown', 'repairBlindly'],
] as const satisfies readonly (readonly [
  Loss['log'],
  Loss['hardStateCopy'] | typeof ANY,
  Loss['promised'] | typeof ANY,
  LossVerdict,
])[];

/** As `matchingRules`. */
export function matchingLossRules(loss: Loss): readonly LossVerdict[] {
  return lossRules
    .filter(
      ([log, copy, promised]) =>
        log === loss.log &&
        (copy === ANY || copy === loss.hardStateCopy) &&
        (promised === ANY || promised === loss.promised),
    )
    .map(([, , , verdict]) => verdict);
}

/** What to do about a log as a whole. */
export function judgeLoss(loss: Loss): LossVerdict {
  return only(matchingLossRules(loss), { ...loss });
}

function only<V>(verdicts: readonly V[], finding: Readonly<Record<string, unknown>>): V {
  const [verdict] = verdicts;
  if (verdict === undefined) throw new AssertionFailure('recovery rules leave a case open', finding);
  return verdict;
}
