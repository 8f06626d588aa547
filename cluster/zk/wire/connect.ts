/** The handshake: the first packet in each direction (`ConnectRequest`, `ConnectResponse`). */
import type { Result } from '../../base/result.ts';
import type { ConnectRequest, ConnectResponse } from '../requests.ts';
import { decodeFrame, encodePacket } from './packet.ts';
import { readSessionId, readZxid } from './records.ts';

const noPassword = new Uint8Array(0);

/** Reads a client's first frame. Clients before 3.4 leave the last field, `readOnly`, out. */
export function decodeConnectRequest(frame: Uint8Array): Result<ConnectRequest, string> {
  return decodeFrame(frame, (reader) => ({
    protocolVersion: reader.readInt32(),
    lastZxidSeen: readZxid(reader),
    timeoutMs: reader.readInt32(),
    sessionId: readSessionId(reader),
    password: reader.readBuffer() ?? noPassword,
    readOnly: reader.remaining > 0 && reader.readBoolean(),
  }));
}

/** The server's answer, as a packet. */
export function encodeConnectResponse(response: ConnectResponse): Uint8Array {
  return encodePacket((writer) => {
    writer.writeInt32(0);
    writer.writeInt32(response.timeoutMs);
    writer.writeInt64(response.sessionId);
    writer.writeBuffer(response.password);
    writer.writeBoolean(response.readOnly);
  });
}
