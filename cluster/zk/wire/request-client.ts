/** A client's requests as packets; `request.ts` is the other direction. */
import { unreachable } from '../../base/assert.ts';
import type { ByteWriter } from '../../base/bytes.ts';
import type { ClientRequest, TreeWrite } from '../requests.ts';
import { createFlags } from './create-mode.ts';
import { writeMultiEnd, writeMultiHeader } from './multi-header.ts';
import { opcodes } from './opcodes.ts';
import { appendPacket } from './packet.ts';
import { writeAcl, writeTexts } from './records.ts';

/** Appends one request to `writer`, length in front: requests of one turn share a buffer. */
export function appendRequest(
  writer: ByteWriter,
  call: { readonly xid: number; readonly request: ClientRequest },
): void {
  appendPacket(writer, () => {
    writer.writeInt32(call.xid);
    writer.writeInt32(opcodeOf(call.request));
    writeBody(writer, call.request);
  });
}

function opcodeOf(request: ClientRequest): number {
  switch (request.kind) {
    case 'create':
      return request.wantsStat ? opcodes.create2 : opcodes.create;
    case 'getChildren':
      return request.withStat ? opcodes.getChildren2 : opcodes.getChildren;
    case 'unsupported':
      return request.opcode;
    default:
      return opcodes[request.kind];
  }
}

function writeBody(writer: ByteWriter, request: ClientRequest): void {
  switch (request.kind) {
    case 'create':
    case 'delete':
    case 'setData':
    case 'setAcl':
    case 'check':
      writeTreeWrite(writer, request);
      break;
    case 'multi':
      for (const part of request.parts) {
        writeMultiHeader(writer, { opcode: opcodeOf(part), errorCode: -1 });
        writeTreeWrite(writer, part);
      }
      writeMultiEnd(writer);
      break;
    case 'exists':
    case 'getData':
    case 'getChildren':
      writer.writeString(request.path);
      writer.writeBoolean(request.watch);
      break;
    case 'getAcl':
    case 'sync':
      writer.writeString(request.path);
      break;
    case 'auth':
      writer.writeInt32(0);
      writer.writeString(request.scheme);
      writer.writeBuffer(request.credential);
      break;
    case 'setWatches':
      writer.writeInt64(request.relativeZxid);
      writeTexts(writer, request.data);
      writeTexts(writer, request.exist);
      writeTexts(writer, request.child);
      break;
    case 'ping':
    case 'closeSession':
    case 'unsupported':
      break;
    default:
      unreachable(request);
  }
}

function writeTreeWrite(writer: ByteWriter, write: TreeWrite): void {
  writer.writeString(write.path);
  switch (write.kind) {
    case 'create':
      writer.writeBuffer(write.data);
      writeAcl(writer, write.acl);
      writer.writeInt32(createFlags(write.mode));
      break;
    case 'setData':
      writer.writeBuffer(write.data);
      writer.writeInt32(write.version);
      break;
    case 'setAcl':
      writeAcl(writer, write.acl);
      writer.writeInt32(write.version);
      break;
    case 'delete':
    case 'check':
      writer.writeInt32(write.version);
      break;
    default:
      unreachable(write);
  }
}
