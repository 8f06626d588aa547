/** Replies and watch events as a client reads them; `reply.ts` and `watch-event.ts` write them. */
import { unreachable } from '../../base/assert.ts';
import { type ByteReader, MalformedInput } from '../../base/bytes.ts';
import type { Zxid } from '../../base/ids.ts';
import { type ZkError, zkErrorCodes } from '../errors.ts';
import type { ClientRequest, MultiPartAnswer } from '../requests.ts';
import { readMultiHeader } from './multi-header.ts';
import { opcodes } from './opcodes.ts';
import { readAcl, readStat, readText, readTexts, readZxid } from './records.ts';
import type { ReplyAnswer } from './reply.ts';

const noData = new Uint8Array(0);

export interface ReplyHeader {
  readonly xid: number;
  /** The last transaction of the server when it answered; 0 where it says "none" (watch events). */
  readonly zxid: Zxid;
  /** 0, or the code of an error: then no answer follows. */
  readonly errorCode: number;
}

const errorNames = new Map<number, ZkError | 'ok'>(
  Object.entries(zkErrorCodes).map(([name, code]) => [code, name as keyof typeof zkErrorCodes]),
);

/** The error of a code; a code that is not in the table reads as `systemError`. */
export function errorOfCode(code: number): ZkError {
  const name = errorNames.get(code);
  return name === undefined || name === 'ok' ? 'systemError' : name;
}

/** Reads the header of any packet after the handshake. Throws `MalformedInput`, as `readAnswer` does. */
export function readReplyHeader(reader: ByteReader): ReplyHeader {
  return { xid: reader.readInt32(), zxid: readZxid(reader), errorCode: reader.readInt32() };
}

/** Reads the answer to `request` after a header without an error. Data is a view on the input. */
export function readAnswer(reader: ByteReader, request: ClientRequest): ReplyAnswer {
  switch (request.kind) {
    case 'create':
      return { kind: 'created', path: readText(reader), stat: request.wantsStat ? readStat(reader) : null };
    case 'delete':
      return { kind: 'deleted' };
    case 'exists':
    case 'setData':
    case 'setAcl':
      return { kind: 'stat', stat: readStat(reader) };
    case 'check':
      return { kind: 'checked' };
    case 'multi':
      return { kind: 'multi', parts: readMultiParts(reader) };
    case 'getData':
      return { kind: 'data', data: reader.readBuffer() ?? noData, stat: readStat(reader) };
    case 'getAcl':
      return { kind: 'acl', acl: readAcl(reader), stat: readStat(reader) };
    case 'getChildren':
      return {
        kind: 'children',
        names: readTexts(reader),
        stat: request.withStat ? readStat(reader) : null,
      };
    case 'sync':
      return { kind: 'synced', path: readText(reader) };
    case 'ping':
    case 'closeSession':
    case 'auth':
    case 'setWatches':
    case 'unsupported':
      return { kind: 'empty' };
    default:
      return unreachable(request);
  }
}

function readMultiParts(reader: ByteReader): MultiPartAnswer[] {
  const parts: MultiPartAnswer[] = [];
  for (let header = readMultiHeader(reader); !header.done; header = readMultiHeader(reader)) {
    parts.push(readMultiPart(reader, header.opcode));
  }
  return parts;
}

function readMultiPart(reader: ByteReader, opcode: number): MultiPartAnswer {
  switch (opcode) {
    case opcodes.create:
      return { kind: 'created', path: readText(reader), stat: null };
    case opcodes.create2:
      return { kind: 'created', path: readText(reader), stat: readStat(reader) };
    case opcodes.delete:
      return { kind: 'deleted' };
    case opcodes.setData:
      return { kind: 'stat', stat: readStat(reader) };
    case opcodes.check:
      return { kind: 'checked' };
    case opcodes.error: {
      const code = reader.readInt32();
      return code === zkErrorCodes.ok ? { kind: 'rolledBack' } : { kind: 'error', error: errorOfCode(code) };
    }
    default:
      throw new MalformedInput(`operation ${opcode} cannot be part of a multi's answer`);
  }
}
