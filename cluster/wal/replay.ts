/** Reads the log back, segment by segment, and decides what its end means. Changes nothing on disk. */
import { fail, ok, type Result } from '../base/result.ts';
import type { Disk } from '../ports/disk.ts';
import { corrupt, foreign, missing, otherFormat, type WalError } from './error.ts';
import { readFrame } from './frame.ts';
import type { Identity } from './identity.ts';
import { type LogEnd, readLogEnd } from './log-end.ts';
import { judge } from './recovery.ts';
import { RestoredContent } from './restored.ts';
import {
  logFolder,
  readSegmentHeader,
  segmentHeaderBytes,
  segmentPath,
  segmentSeed,
  segmentSequence,
} from './segment.ts';

/** An unfinished last write. */
export interface TornTail {
  readonly file: string;
  /** Where the good part ends, in bytes. */
  readonly offset: number;
  /** How long the rest is. */
  readonly bytes: number;
}

export interface Replay {
  readonly content: RestoredContent;
  /** Sequence of the last segment. */
  readonly last: number;
  readonly torn: TornTail | null;
}

/** Reads everything. Throws `DiskFailure`. */
export function replayLog(disk: Disk, identity: Identity): Result<Replay, WalError> {
  const end = readLogEnd(disk);
  if (!end.ok) return end;
  const listed = listSegments(disk, end.value);
  if (!listed.ok) return listed;
  const last = listed.value;
  const content = new RestoredContent();
  let torn: TornTail | null = null;
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const durableBytes = sequence === end.value.segment ? end.value.bytes : 0;
    const segment = { sequence, isLast: sequence === last, durableBytes, content };
    const replayed = replaySegment(disk, identity, segment);
    if (!replayed.ok) return replayed;
    torn = replayed.value;
  }
  return ok({ content, last, torn });
}

/** The number of segments, which are numbered without a gap. */
function listSegments(disk: Disk, end: LogEnd): Result<number, WalError> {
  const sequences = disk
    .list(logFolder)
    .map((file) => segmentSequence(`${logFolder}/${file}`))
    .filter((sequence) => sequence !== null);
  const gap = sequences.findIndex((sequence, at) => sequence !== at + 1);
  const absent = gap === -1 ? sequences.length + 1 : gap + 1;
  if (absent <= end.segment || gap !== -1) {
    return fail(missing(segmentPath(absent), `segment ${absent} of the log is missing`));
  }
  return ok(sequences.length);
}

interface Segment {
  readonly sequence: number;
  readonly isLast: boolean;
  /** So many of its bytes are known to have been durable. */
  readonly durableBytes: number;
  readonly content: RestoredContent;
}

/** Reads one segment into `content`. Answers with its torn tail, if it has one. */
function replaySegment(disk: Disk, identity: Identity, segment: Segment): Result<TornTail | null, WalError> {
  const file = segmentPath(segment.sequence);
  const bytes = disk.read(file, { offset: 0, length: disk.sizeBytes(file) });
  const wrong = headerError(bytes, identity, segment.sequence);
  if (wrong !== null) return fail(wrong);
  const seed = segmentSeed(identity, segment.sequence);
  for (let offset = segmentHeaderBytes; ; ) {
    const reading = offset === bytes.length ? endOfFile : readFrame(bytes, { seed, offset });
    const proof = reading.kind !== 'whole' && offset >= segment.durableBytes ? reading.proof : 'wasDurable';
    const verdict = judge({
      reading: reading.kind,
      place: offset === segmentHeaderBytes ? 'first' : 'appended',
      segment: segment.isLast ? 'last' : 'earlier',
      proof,
    });
    if (verdict === 'refuse' && reading.kind !== 'whole') {
      return fail(corrupt({ file, offset, what: reading.reason }));
    }
    if (reading.kind !== 'whole') {
      segment.content.segmentEnded(offset);
      return ok(verdict === 'cutTail' ? { file, offset, bytes: bytes.length - offset } : null);
    }
    for (const item of reading.items) {
      const flaw = segment.content.take(item);
      if (flaw !== null) return fail(corrupt({ file, offset, what: flaw }));
    }
    offset = reading.end;
  }
}

const endOfFile = { kind: 'none', reason: 'the file ends too early', proof: 'none' } as const;

function headerError(bytes: Uint8Array, identity: Identity, sequence: number): WalError | null {
  const file = segmentPath(sequence);
  switch (readSegmentHeader(bytes, identity, sequence)) {
    case 'ours':
      return null;
    case 'damaged':
      return corrupt({ file, offset: 0, what: 'the header of the segment is damaged' });
    case 'otherFormat':
      return otherFormat(file);
    case 'foreign':
      return foreign(file, 'the segment was written for another directory or place');
  }
}
