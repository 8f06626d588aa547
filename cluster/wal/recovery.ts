/**
 * What a bad frame means, as a table. A frame is written whole and made durable before the next one
 * begins, so only the very last write may be found half done, and it was never acknowledged.
 *
 * One ambiguity stays: if the disk damages the very last frame after its fsync, this looks exactly
 * like a write that was cut short, and the frame is dropped. While a majority's disks are intact the
 * entries come back from the leader; the vote in such a frame is the part at risk.
 */
import type { FrameReading } from './frame.ts';

export type Verdict = 'goOn' | 'end' | 'cutTail' | 'refuse';

export interface Finding {
  /** What stands at this offset; `none` is the end of the file. */
  readonly reading: FrameReading['kind'] | 'none';
  readonly segment: 'last' | 'earlier';
  /** Whether a whole frame of this segment begins anywhere after it. */
  readonly after: 'frame' | 'nothing';
}

const ANY = 'any';

/** One row per combination: reading, segment, what follows, verdict. */
export const recoveryRules = [
  ['none', ANY, ANY, 'end'],
  ['whole', ANY, ANY, 'goOn'],
  ['incomplete', 'last', 'nothing', 'cutTail'],
  ['incomplete', 'last', 'frame', 'refuse'], // the length is damaged: a later write stands behind it
  ['incomplete', 'earlier', ANY, 'refuse'], // a later segment was begun after this frame was durable
  ['damaged', 'last', 'nothing', 'cutTail'],
  ['damaged', 'last', 'frame', 'refuse'],
  ['damaged', 'earlier', ANY, 'refuse'],
] as const satisfies readonly (readonly [
  Finding['reading'],
  Finding['segment'] | typeof ANY,
  Finding['after'] | typeof ANY,
  Verdict,
])[];

/** The verdict of the one row that matches. */
export function judge(finding: Finding): Verdict {
  for (const [reading, segment, after, verdict] of recoveryRules) {
    if (reading !== finding.reading) continue;
    if (segment !== ANY && segment !== finding.segment) continue;
    if (after !== ANY && after !== finding.after) continue;
    return verdict;
  }
  throw new Error('recovery rules leave a case open');
}
