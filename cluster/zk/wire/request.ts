/**
 * A client's requests, read by the server: `RequestHeader` (number, operation code), then the
 * operation's record. `request-client.ts` is the other direction.
 *
 * Null data (length -1) reads as empty data.
 */
import { ByteReader, MalformedInput } from '../../base/bytes.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { ClientRequest, TreeWrite } from '../requests.ts';
import { createModeOf } from './create-mode.ts';
import { readMultiHeader } from './multi-header.ts';
import { opcodes } from './opcodes.ts';
import { readAcl, readText, readTexts, readZxid } from './records.ts';

export interface DecodedRequest {
  readonly xid: number;
  readonly opcode: number;
  readonly request: ClientRequest;
}

/**
 * Bytes that are no request: `marshallingError` to the client, and the connection goes on. Without a
 * whole header (`xid` null) there is nothing to answer, and the connection ends.
 */
export interface MalformedRequest {
  readonly xid: number | null;
  readonly reason: string;
}

type Unsupported = Extract<ClientRequest, { readonly kind: 'unsupported' }>;

const noData = new Uint8Array(0);

/** Reads one frame. An operation that this server does not offer is a request of kind `unsupported`. */
export function decodeRequest(frame: Uint8Array): Result<DecodedRequest, MalformedRequest> {
  const reader = new ByteReader(frame);
  let answerable: number | null = null;
  try {
    const xid = reader.readInt32();
    const opcode = reader.readInt32();
    answerable = xid;
    return ok({ xid, opcode, request: readBody(reader, opcode) });
  } catch (failure) {
    if (failure instanceof MalformedInput) return fail({ xid: answerable, reason: failure.message });
    throw failure;
  }
}

function readBody(reader: ByteReader, opcode: number): ClientRequest {
  switch (opcode) {
    case opcodes.create:
    case opcodes.create2:
    case opcodes.delete:
    case opcodes.setData:
    case opcodes.setAcl:
    case opcodes.check:
      return readTreeWrite(reader, opcode);
    case opcodes.multi:
      return readMulti(reader);
    case opcodes.exists:
      return { kind: 'exists', path: readText(reader), watch: reader.readBoolean() };
    case opcodes.getData:
      return { kind: 'getData', path: readText(reader), watch: reader.readBoolean() };
    case opcodes.getAcl:
      return { kind: 'getAcl', path: readText(reader) };
    case opcodes.getChildren:
    case opcodes.getChildren2: {
      const withStat = opcode === opcodes.getChildren2;
      return { kind: 'getChildren', path: readText(reader), watch: reader.readBoolean(), withStat };
    }
    case opcodes.sync:
      return { kind: 'sync', path: readText(reader) };
    case opcodes.ping:
      return { kind: 'ping' };
    case opcodes.closeSession:
      return { kind: 'closeSession' };
    case opcodes.auth:
      return readAuth(reader);
    case opcodes.setWatches:
      return readSetWatches(reader);
    default:
      return { kind: 'unsupported', opcode };
  }
}

function readTreeWrite(reader: ByteReader, opcode: number): TreeWrite | Unsupported {
  switch (opcode) {
    case opcodes.create:
    case opcodes.create2:
      return readCreate(reader, opcode);
    case opcodes.delete:
      return { kind: 'delete', path: readText(reader), version: reader.readInt32() };
    case opcodes.setData: {
      const path = readText(reader);
      return { kind: 'setData', path, data: readData(reader), version: reader.readInt32() };
    }
    case opcodes.setAcl:
      return { kind: 'setAcl', path: readText(reader), acl: readAcl(reader), version: reader.readInt32() };
    case opcodes.check:
      return { kind: 'check', path: readText(reader), version: reader.readInt32() };
    default:
      return { kind: 'unsupported', opcode };
  }
}

function readCreate(reader: ByteReader, opcode: number): TreeWrite | Unsupported {
  const path = readText(reader);
  const data = readData(reader);
  const acl = readAcl(reader);
  const mode = createModeOf(reader.readInt32());
  if (mode === null) return { kind: 'unsupported', opcode };
  return { kind: 'create', wantsStat: opcode === opcodes.create2, path, data, acl, mode };
}

/** `MultiOperationRecord`: parts until the end mark. One part that is not offered makes all of it so. */
function readMulti(reader: ByteReader): ClientRequest {
  const parts: TreeWrite[] = [];
  for (let header = readMultiHeader(reader); !header.done; header = readMultiHeader(reader)) {
    const part = readMultiPart(reader, header.opcode);
    if (part.kind === 'unsupported') return part;
    parts.push(part);
  }
  return { kind: 'multi', parts };
}

/** A `create2` in a multi is answered as a `create`, without a Stat: ZooKeeper's `Op.Create` knows no other. */
function readMultiPart(reader: ByteReader, opcode: number): TreeWrite | Unsupported {
  switch (opcode) {
    case opcodes.create2:
      return readTreeWrite(reader, opcodes.create);
    case opcodes.create:
    case opcodes.delete:
    case opcodes.setData:
    case opcodes.check:
      return readTreeWrite(reader, opcode);
    case opcodes.createContainer:
    case opcodes.createTtl:
      return { kind: 'unsupported', opcode };
    default:
      throw new MalformedInput(`operation ${opcode} cannot be part of a multi`);
  }
}

/** `AuthPacket`; its first field is always 0. */
function readAuth(reader: ByteReader): ClientRequest {
  reader.readInt32();
  return { kind: 'auth', scheme: readText(reader), credential: readData(reader) };
}

function readSetWatches(reader: ByteReader): ClientRequest {
  return {
    kind: 'setWatches',
    relativeZxid: readZxid(reader),
    data: readTexts(reader),
    exist: readTexts(reader),
    child: readTexts(reader),
  };
}

function readData(reader: ByteReader): Uint8Array {
  return reader.readBuffer() ?? noData;
}
