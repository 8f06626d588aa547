/** Packets: frames with their length in front, and decoders whose failures are values. */
import { ByteReader, ByteWriter, MalformedInput } from '../../base/bytes.ts';
import { fail, ok, type Result } from '../../base/result.ts';

const lengthBytes = 4;

/** Appends one packet to `writer`; its length is filled in when `body` is written. */
export function appendPacket(writer: ByteWriter, body: (writer: ByteWriter) => void): void {
  const start = writer.length;
  writer.writeInt32(0);
  body(writer);
  writer.patchInt32(start, writer.length - start - lengthBytes);
}

/** One packet as bytes of its own. */
export function encodePacket(body: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  appendPacket(writer, body);
  return writer.finish();
}

/**
 * Runs a decoder over one frame. Bytes that do not follow the format become an error that says how.
 * Bytes after the end are passed over, as Jute does: newer clients may append fields.
 */
export function decodeFrame<Value>(
  frame: Uint8Array,
  decode: (reader: ByteReader) => Value,
): Result<Value, string> {
  try {
    return ok(decode(new ByteReader(frame)));
  } catch (failure) {
    if (failure instanceof MalformedInput) return fail(failure.message);
    throw failure;
  }
}
