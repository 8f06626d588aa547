/**
 * The server's replies: `ReplyHeader` (request number, zxid, error code), then the answer's record
 * unless the code is an error. `reply-client.ts` is the other direction.
 */
import { unreachable } from '../../base/assert.ts';
import { ByteWriter } from '../../base/bytes.ts';
import type { Zxid } from '../../base/ids.ts';
import { zkErrorCodes } from '../errors.ts';
import type { MultiPartAnswer, ReadAnswer, WriteAnswer } from '../requests.ts';
import { writeMultiEnd, writeMultiHeader } from './multi-header.ts';
import { opcodes } from './opcodes.ts';
import { appendPacket } from './packet.ts';
import { writeAcl, writeStat, writeTexts } from './records.ts';

export type ReplyAnswer =
  | WriteAnswer
  | ReadAnswer
  | { readonly kind: 'synced'; readonly path: string }
  /** A header alone: ping, auth, setWatches, closeSession. */
  | { readonly kind: 'empty' };

export interface Reply {
  readonly xid: number;
  /** The last transaction that this member has applied. */
  readonly zxid: Zxid;
  readonly answer: ReplyAnswer;
}

/** One reply as a packet of its own. */
export function encodeReply(reply: Reply): Uint8Array {
  const writer = new ByteWriter();
  appendReply(writer, reply);
  return writer.finish();
}

/** Appends one reply to `writer`, length in front: replies of one turn can share a buffer. */
export function appendReply(writer: ByteWriter, { xid, zxid, answer }: Reply): void {
  appendPacket(writer, () => {
    writer.writeInt32(xid);
    writer.writeInt64(zxid);
    writer.writeInt32(answer.kind === 'error' ? zkErrorCodes[answer.error] : zkErrorCodes.ok);
    writeAnswer(writer, answer);
  });
}

function writeAnswer(writer: ByteWriter, answer: ReplyAnswer): void {
  switch (answer.kind) {
    case 'created':
      writer.writeString(answer.path);
      if (answer.stat !== null) writeStat(writer, answer.stat);
      break;
    case 'stat':
      writeStat(writer, answer.stat);
      break;
    case 'data':
      writer.writeBuffer(answer.data);
      writeStat(writer, answer.stat);
      break;
    case 'acl':
      writeAcl(writer, answer.acl);
      writeStat(writer, answer.stat);
      break;
    case 'children':
      writeTexts(writer, answer.names);
      if (answer.stat !== null) writeStat(writer, answer.stat);
      break;
    case 'multi':
      for (const part of answer.parts) writeMultiPart(writer, part);
      writeMultiEnd(writer);
      break;
    case 'synced':
      writer.writeString(answer.path);
      break;
    case 'deleted':
    case 'checked':
    case 'empty':
    case 'error':
      break;
    default:
      unreachable(answer);
  }
}

/**
 * `MultiResponse`. A failed multi is no error in the reply's header: clients would not read the parts
 * then. Its parts are `ErrorResult`s, which carry their code in the part's header and once more.
 */
function writeMultiPart(writer: ByteWriter, part: MultiPartAnswer): void {
  switch (part.kind) {
    case 'created':
      writeMultiHeader(writer, {
        opcode: part.stat === null ? opcodes.create : opcodes.create2,
        errorCode: zkErrorCodes.ok,
      });
      writeAnswer(writer, part);
      break;
    case 'deleted':
      writeMultiHeader(writer, { opcode: opcodes.delete, errorCode: zkErrorCodes.ok });
      break;
    case 'stat':
      writeMultiHeader(writer, { opcode: opcodes.setData, errorCode: zkErrorCodes.ok });
      writeStat(writer, part.stat);
      break;
    case 'checked':
      writeMultiHeader(writer, { opcode: opcodes.check, errorCode: zkErrorCodes.ok });
      break;
    case 'rolledBack':
      writeErrorPart(writer, zkErrorCodes.ok);
      break;
    case 'error':
      writeErrorPart(writer, zkErrorCodes[part.error]);
      break;
    default:
      unreachable(part);
  }
}

function writeErrorPart(writer: ByteWriter, errorCode: number): void {
  writeMultiHeader(writer, { opcode: opcodes.error, errorCode });
  writer.writeInt32(errorCode);
}
