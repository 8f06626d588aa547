/**
 * The image of a store as a stream of chunks: a length, a kind, and whole records; a record that is
 * larger than a chunk comes as pieces. A chunk is never larger than `imageChunkBytesMax`.
 */
import { assert } from '../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { imageChunkBytesMax, imageRecordBytesMax } from '../base/limits.ts';

const kinds = { records: 0, piece: 1, lastPiece: 2 } as const;
const headerBytes = 5;
/** A chunk grows by doubling: one that is taken early need not be as large as it might have become. */
const chunkBytesAtFirst = imageChunkBytesMax / 4;
const bodyBytesMax = imageChunkBytesMax - headerBytes;

/** Collects records into chunks. */
export class ChunkWriter {
  readonly #sealed: Uint8Array[] = [];
  #open: ByteWriter | null = null;
  /** A record of its own, to be cut into pieces. */
  #large: ByteWriter | null = null;

  /** Where to write the next record, of at most `bytesMax`: whole, and before anything else is asked of this. */
  room(bytesMax: number): ByteWriter {
    this.#cutLarge();
    const isFull = this.#open !== null && this.#open.length + bytesMax > imageChunkBytesMax;
    if (isFull || bytesMax > bodyBytesMax) this.#seal();
    if (bytesMax > bodyBytesMax) {
      this.#large = new ByteWriter(bytesMax);
      return this.#large;
    }
    this.#open ??= openChunk(chunkBytesAtFirst);
    return this.#open;
  }

  /** Whether a chunk is full and waits to be taken. */
  get hasChunk(): boolean {
    return this.#large !== null || this.#sealed.length > 0;
  }

  /** The oldest full chunk; with none, what there is, perhaps nothing but an empty chunk. */
  take(): Uint8Array {
    this.#cutLarge();
    if (this.#sealed.length === 0) {
      this.#open ??= openChunk(headerBytes);
      this.#seal();
    }
    const chunk = this.#sealed.shift();
    assert(chunk !== undefined, 'no chunk to take');
    return chunk;
  }

  /** Whether everything written was taken. */
  get isEmpty(): boolean {
    return this.#open === null && !this.hasChunk;
  }

  #seal(): void {
    if (this.#open === null) return;
    this.#open.patchInt32(0, this.#open.length - headerBytes);
    this.#sealed.push(this.#open.finish());
    this.#open = null;
  }

  #cutLarge(): void {
    if (this.#large === null) return;
    const record = this.#large.finish();
    this.#large = null;
    for (let at = 0; at < record.length; at += bodyBytesMax) {
      const piece = record.subarray(at, at + bodyBytesMax);
      const writer = new ByteWriter(headerBytes + piece.length);
      writer.writeUint32(piece.length);
      writer.writeUint8(at + piece.length < record.length ? kinds.piece : kinds.lastPiece);
      writer.writeBytes(piece);
      this.#sealed.push(writer.finish());
    }
  }
}

/** Puts chunks together again from a stream that was cut anywhere. */
export class ChunkReader {
  readonly #onRecords: (records: ByteReader) => void;
  readonly #header = new Uint8Array(headerBytes);
  #headerBytes = 0;
  /** Of the chunk under way, once its header is complete. */
  #body: Uint8Array | null = null;
  #bodyBytes = 0;
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;

  /** `onRecords` gets whole records, as views that are valid during the call. */
  constructor(onRecords: (records: ByteReader) => void) {
    this.#onRecords = onRecords;
  }

  /** Whether the stream ended between two records. */
  get isBetweenRecords(): boolean {
    return this.#headerBytes === 0 && this.#pieces.length === 0;
  }

  /** Takes the next bytes of the stream. Throws `MalformedInput`. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#headerBytes < headerBytes) at += this.#fillHeader(bytes.subarray(at));
      else at += this.#fillBody(bytes.subarray(at));
    }
  }

  #fillHeader(bytes: Uint8Array): number {
    const part = bytes.subarray(0, headerBytes - this.#headerBytes);
    this.#header.set(part, this.#headerBytes);
    this.#headerBytes += part.length;
    if (this.#headerBytes < headerBytes) return part.length;
    const { length } = this.#readHeader();
    if (length > bodyBytesMax) throw new MalformedInput(`a chunk of ${length} bytes`);
    if (length === 0) this.#chunk(new Uint8Array(0));
    return part.length;
  }

  #fillBody(bytes: Uint8Array): number {
    const { length } = this.#readHeader();
    if (this.#body === null && bytes.length >= length) {
      this.#chunk(bytes.subarray(0, length));
      return length;
    }
    this.#body ??= new Uint8Array(length);
    const part = bytes.subarray(0, length - this.#bodyBytes);
    this.#body.set(part, this.#bodyBytes);
    this.#bodyBytes += part.length;
    if (this.#bodyBytes === length) this.#chunk(this.#body);
    return part.length;
  }

  #readHeader(): { readonly length: number; readonly kind: number } {
    const reader = new ByteReader(this.#header);
    return { length: reader.readUint32(), kind: reader.readUint8() };
  }

  #chunk(body: Uint8Array): void {
    const { kind } = this.#readHeader();
    this.#headerBytes = 0;
    this.#body = null;
    this.#bodyBytes = 0;
    switch (kind) {
      case kinds.records:
        if (this.#pieces.length > 0) throw new MalformedInput('a record without its end');
        this.#onRecords(new ByteReader(body));
        return;
      case kinds.piece:
        this.#piece(body);
        return;
      case kinds.lastPiece:
        if (this.#pieces.length === 0) throw new MalformedInput('the end of a record without its start');
        this.#piece(body);
        this.#join();
        return;
      default:
        throw new MalformedInput(`a chunk of unknown kind ${kind}`);
    }
  }

  #piece(body: Uint8Array): void {
    this.#pieceBytes += body.length;
    if (body.length === 0 || this.#pieceBytes > imageRecordBytesMax) {
      throw new MalformedInput(`a record of ${this.#pieceBytes} bytes in pieces of ${body.length}`);
    }
    this.#pieces.push(body.slice());
  }

  #join(): void {
    const record = new Uint8Array(this.#pieceBytes);
    let at = 0;
    for (const piece of this.#pieces) {
      record.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#onRecords(new ByteReader(record));
  }
}

function openChunk(capacityBytes: number): ByteWriter {
  const writer = new ByteWriter(capacityBytes);
  writer.writeUint32(0);
  writer.writeUint8(kinds.records);
  return writer;
}
