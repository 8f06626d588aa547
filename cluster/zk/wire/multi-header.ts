/** `MultiHeader`: stands before every part of a multi and its answer, and once more as the end mark. */
import type { ByteReader, ByteWriter } from '../../base/bytes.ts';

export interface MultiHeader {
  readonly opcode: number;
  readonly done: boolean;
  readonly errorCode: number;
}

export function readMultiHeader(reader: ByteReader): MultiHeader {
  return { opcode: reader.readInt32(), done: reader.readBoolean(), errorCode: reader.readInt32() };
}

/** The header of one part. Requests carry -1 as the error code, answers the part's own. */
export function writeMultiHeader(
  writer: ByteWriter,
  part: { readonly opcode: number; readonly errorCode: number },
): void {
  writer.writeInt32(part.opcode);
  writer.writeBoolean(false);
  writer.writeInt32(part.errorCode);
}

export function writeMultiEnd(writer: ByteWriter): void {
  writer.writeInt32(-1);
  writer.writeBoolean(true);
  writer.writeInt32(-1);
}
