/** The handshake as a client speaks it; the server's side is `connect.ts`. */

import { ByteReader } from '../../base/bytes.ts';
import type { SessionId, Zxid } from '../../base/ids.ts';
import type { Result } from '../../base/result.ts';
import { decodeFrame, encodePacket } from './packet.ts';
import { readSessionId } from './records.ts';

const sessionIdBytes = 8;
const noPassword = new Uint8Array(0);

/**
 * What a client shows to get its session back. The id stays the server's eight bytes: an Apache
 * server's ids do not fit a JavaScript number.
 */
export interface SessionCredentials {
  readonly id: Uint8Array;
  readonly password: Uint8Array;
}

/** Asks for a new session. */
export const noSession: SessionCredentials = {
  id: new Uint8Array(sessionIdBytes),
  password: new Uint8Array(16),
};

export interface ClientHello {
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  readonly session: SessionCredentials;
}

/** What a client learns from the answer; timeout 0 or less says that the session has expired. */
export interface ServerHello {
  readonly timeoutMs: number;
  readonly session: SessionCredentials;
  readonly readOnly: boolean;
}

/** The client's first packet. */
export function encodeConnectRequest(hello: ClientHello): Uint8Array {
  return encodePacket((writer) => {
    writer.writeInt32(0);
    writer.writeInt64(hello.lastZxidSeen);
    writer.writeInt32(hello.timeoutMs);
    writer.writeBytes(hello.session.id);
    writer.writeBuffer(hello.session.password);
    writer.writeBoolean(false);
  });
}

/** Reads the server's first frame. Servers before 3.4 leave the last field, `readOnly`, out. */
export function decodeConnectResponse(frame: Uint8Array): Result<ServerHello, string> {
  return decodeFrame(frame, (reader) => {
    reader.readInt32();
    const timeoutMs = reader.readInt32();
    const id = reader.readBytes(sessionIdBytes).slice();
    const password = reader.readBuffer()?.slice() ?? noPassword;
    return { timeoutMs, session: { id, password }, readOnly: reader.remaining > 0 && reader.readBoolean() };
  });
}

/** The id as it stands in `Stat.ephemeralOwner`: exact for Muster's sessions. */
export function sessionIdOf(session: SessionCredentials): SessionId {
  return readSessionId(new ByteReader(session.id));
}
