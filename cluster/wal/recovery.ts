/**
 * What each finding in the log means, as a table. A segment comes into being whole, with its first
 * frame; each later frame is written whole and made durable before the next one begins. So only the
 * very last write may be found half done, and it was never acknowledged: a torn tail. A bad frame is
 * taken for one only when nothing that was written later is found behind it.
 *
 * One ambiguity stays: when the disk damages the very last frame of a member that was killed after
 * that frame's fsync (or everything from some frame's header to the end of the file), this looks
 * exactly like a write that was cut short, and it is dropped. While a majority's disks are intact its
 * entries come back from the leader; the vote in such a frame is the part at risk. A member that was
 * stopped in good order is not exposed: `log-end.ts` remembers how far its log went.
 */
import { AssertionFailure } from '../base/assert.ts';

export type Verdict = 'goOn' | 'end' | 'cutTail' | 'refuse';

export interface Finding {
  /** What stands at this offset; `none` is the end of the file. */
  readonly reading: 'none' | 'whole' | 'bad';
  /** The first frame of a segment, or one that was appended. */
  readonly place: 'first' | 'appended';
  readonly segment: 'last' | 'earlier';
  /** Whether it is known that these bytes were durable: something later was written, or `log-end` says so. */
  readonly proof: 'wasDurable' | 'none';
}

const ANY = 'any';

/** One row per combination: reading, place, segment, proof, verdict. */
export const recoveryRules = [
  ['whole', ANY, ANY, ANY, 'goOn'],
  ['none', 'first', ANY, ANY, 'refuse'], // a segment is made with its first frame, by a rename
  ['none', 'appended', ANY, 'wasDurable', 'refuse'], // the file was cut off where a frame ends
  ['none', 'appended', ANY, 'none', 'end'],
  ['bad', 'first', ANY, ANY, 'refuse'],
  ['bad', 'appended', 'earlier', ANY, 'refuse'], // a later segment was begun after this frame was durable
  ['bad', 'appended', 'last', 'wasDurable', 'refuse'],
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
  const [verdict] = matchingRules(finding);
  if (verdict === undefined) throw new AssertionFailure('recovery rules leave a case open', { ...finding });
  return verdict;
}
