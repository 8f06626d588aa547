/** Reads the log back, segment by segment, and decides what its end means. Changes nothing on disk. */
import { fail, ok, type Result } from '../base/result.ts';
import type { Disk } from '../ports/disk.ts';
import { type ChainLink, readChain } from './chain.ts';
import { corrupt, foreign, otherFormat, type WalError } from './error.ts';
import { readFrame } from './frame.ts';
import type { Identity } from './identity.ts';
import type { Item } from './item.ts';
import { type Extent, isFurther, type LogPoint, origin } from './point.ts';
import { judge } from './recovery.ts';
import { RestoredContent } from './restored.ts';
import {
  readSegmentHeader,
  type StartReading,
  segmentHeaderBytes,
  segmentPath,
  segmentSeed,
} from './segment.ts';

/** An unfinished last write. */
export interface TornTail {
  readonly file: string;
  /** Where the good part ends, in bytes. */
  readonly offset: number;
  /** How long the rest is. */
  readonly bytes: number;
}

/** Something that was durable and cannot be read. */
export interface Flaw {
  readonly file: string;
  readonly offset: number | null;
  readonly what: string;
}

/** A segment of the log as it was read. */
export interface SegmentRead {
  readonly sequence: number;
  /** Bytes of it that count. */
  readonly bytes: number;
  /** The last entry before it; null when its start cannot be read. */
  readonly startLast: LogPoint | null;
  /** `oneCopy`: the header or a copy of the start is damaged, while the rest proves that it is ours. */
  readonly start: 'whole' | 'oneCopy' | 'lost';
}

export interface Replay {
  readonly content: RestoredContent;
  /** Oldest first. */
  readonly segments: readonly SegmentRead[];
  readonly strays: readonly number[];
  readonly flaws: readonly Flaw[];
  readonly torn: TornTail | null;
  /** The furthest place known of, also where the log itself cannot be read. */
  readonly reach: Extent;
  /** Length of the last segment's file. */
  readonly fileEnd: { readonly segment: number; readonly bytes: number };
}

export interface ReplayInput {
  readonly identity: Identity;
  /** The newest snapshot that can be read. */
  readonly snapshot: LogPoint | null;
  /** What the notes beside the log say about how far it went. */
  readonly notes: readonly Extent[];
}

/** Reads everything. Throws `DiskFailure`. */
export function replayLog(disk: Disk, input: ReplayInput): Result<Replay, WalError> {
  return new Replaying(disk, input).run();
}

class Replaying {
  readonly #disk: Disk;
  readonly #input: ReplayInput;
  readonly #content: RestoredContent;
  readonly #segments: SegmentRead[] = [];
  readonly #flaws: Flaw[] = [];
  #torn: TornTail | null = null;
  #reach: Extent = { segment: 0, bytes: 0, last: origin };
  #fileEnd = { segment: 0, bytes: 0 };

  constructor(disk: Disk, input: ReplayInput) {
    this.#disk = disk;
    this.#input = input;
    this.#content = new RestoredContent(input.snapshot);
  }

  run(): Result<Replay, WalError> {
    const chain = readChain(this.#disk, this.#input.identity);
    for (const [at, link] of chain.links.entries()) {
      const wrong = this.#readSegment(link, at === chain.links.length - 1 ? 'last' : 'earlier');
      if (wrong !== null) return fail(wrong);
    }
    for (const note of this.#input.notes) this.#compareWithNote(note);
    return ok({
      content: this.#content,
      segments: this.#segments,
      strays: chain.strays,
      flaws: this.#flaws,
      torn: this.#torn,
      reach: this.#reach,
      fileEnd: this.#fileEnd,
    });
  }

  #readSegment(link: ChainLink, segment: 'last' | 'earlier'): WalError | null {
    const { sequence, reading, follows } = link;
    const { identity } = this.#input;
    const file = segmentPath(sequence);
    const sizeBytes = this.#disk.sizeBytes(file);
    const counted = Math.min(sizeBytes, link.countedBytes ?? sizeBytes);
    const bytes = this.#disk.read(file, { offset: 0, length: counted });
    const header = readSegmentHeader(bytes, identity, sequence);
    if (header === 'otherFormat') return otherFormat(file);
    if (header === 'foreign') return foreign(file, 'the segment was written for another directory or place');
    this.#fileEnd = { segment: sequence, bytes: sizeBytes };
    this.#beginSegment(file, { reading, follows });
    const read = this.#readFrames(bytes, {
      sequence,
      segment,
      reading,
      isSealed: link.countedBytes !== null,
    });
    if (!read.ok) return read.error;
    if (link.countedBytes !== null && counted < link.countedBytes)
      this.#lose({
        file,
        offset: counted,
        what: `the file had ${link.countedBytes} bytes, and has ${counted}`,
      });
    this.#segments.push({
      sequence,
      bytes: read.value,
      startLast: reading?.start.last ?? null,
      start: reading === null ? 'lost' : header === 'ours' && reading.isWhole ? 'whole' : 'oneCopy',
    });
    return null;
  }

  #beginSegment(file: string, { reading, follows }: Pick<ChainLink, 'reading' | 'follows'>): void {
    if (reading === null) return; // told by the frames
    const { start } = reading;
    if (follows === 'gap') {
      const missing = segmentPath(start.previous.segment);
      this.#lose({ file: missing, offset: null, what: 'a segment of the log is missing' });
    }
    this.#content.begin(start, follows === 'nothing' ? 'nothing' : 'predecessor');
    if (follows === 'nothing' && this.#content.isAdrift) {
      const what = `the log begins behind entry ${start.last.index}, and no snapshot that can be read reaches it`;
      this.#flaws.push({ file, offset: null, what });
    }
  }

  /** Reads the appended frames. Answers with the end of the good part. */
  #readFrames(bytes: Uint8Array, at: FramesAt): Result<number, WalError> {
    const { sequence, segment, reading: begun } = at;
    const file = segmentPath(sequence);
    const seed = segmentSeed(this.#input.identity, sequence);
    const durable = at.isSealed ? 0 : this.#durableBytes(sequence);
    let offset = Math.min(begun?.end ?? segmentHeaderBytes, bytes.length);
    this.#sawEnd({ segment: sequence, bytes: offset, last: begun?.start.last ?? this.#reach.last });
    for (;;) {
      this.#content.readUpTo({ segment: sequence, bytes: offset });
      const reading = offset >= bytes.length ? endOfFile : readFrame(bytes, { seed, offset });
      if (reading.kind === 'whole') {
        const flaw = this.#takeItems(reading.items);
        if (flaw !== null) return fail(corrupt({ file, offset, what: flaw }));
        offset = reading.end;
        this.#sawEnd({ segment: sequence, bytes: offset, last: reading.last });
        continue;
      }
      const proof = offset < durable ? 'wasDurable' : reading.proof;
      const place = begun === null && offset === segmentHeaderBytes ? 'first' : 'appended';
      const verdict = judge({ reading: reading.kind, place, segment, proof });
      if (verdict === 'lost') this.#lose({ file, offset, what: reading.reason });
      if (verdict === 'cutTail') this.#torn = { file, offset, bytes: bytes.length - offset };
      if (verdict !== 'lost' || reading.kind === 'none') return ok(offset);
      if (reading.known !== null)
        this.#sawEnd({ segment: sequence, bytes: reading.known.end, last: reading.known.last });
      if (reading.resume === null) return ok(bytes.length);
      offset = reading.resume;
    }
  }

  #takeItems(items: readonly Item[]): string | null {
    for (const item of items) {
      const flaw = this.#content.take(item);
      if (flaw !== null) return flaw;
    }
    return null;
  }

  /** What the notes know to have been durable of a segment. */
  #durableBytes(sequence: number): number {
    const known = this.#input.notes.filter(({ segment }) => segment === sequence);
    return Math.max(0, ...known.map(({ bytes }) => bytes));
  }

  /** A note that lies behind the end of the log tells of something that is gone. */
  #compareWithNote(note: Extent): void {
    if (note.segment > this.#fileEnd.segment) {
      const file = segmentPath(note.segment);
      this.#lose({ file, offset: null, what: 'the newest segment of the log is missing' });
    }
    this.#sawEnd(note);
  }

  #sawEnd(extent: Extent): void {
    if (isFurther(extent, this.#reach)) this.#reach = extent;
  }

  #lose(flaw: Flaw): void {
    this.#content.lose();
    this.#flaws.push(flaw);
  }
}

const endOfFile = { kind: 'none', reason: 'the file ends too early', proof: 'none' } as const;

interface FramesAt {
  readonly sequence: number;
  readonly segment: 'last' | 'earlier';
  /** Null: neither copy of the start can be read. */
  readonly reading: StartReading | null;
  /** The next segment says how much of this one counts, whatever notes said earlier. */
  readonly isSealed: boolean;
}
