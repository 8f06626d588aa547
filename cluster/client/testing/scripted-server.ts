/** A server whose every answer a test decides: for what a healthy one never does. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createFrameSplitter } from '../../base/frames.ts';
import { sessionId, zxid } from '../../base/ids.ts';
import { clientFrameBytesMax } from '../../base/limits.ts';
import { encodeConnectResponse } from '../../zk/wire/connect.ts';
import { encodeReply, type ReplyAnswer } from '../../zk/wire/reply.ts';
import { type DecodedRequest, decodeRequest } from '../../zk/wire/request.ts';

export interface ScriptedServer {
  readonly servers: string;
  /** Requests so far, pings included, over all connections. */
  readonly requests: readonly DecodedRequest[];
  /** Bytes that came in with each read: requests sent together come in together. */
  readonly reads: readonly number[];
  close(): Promise<void>;
}

/** Decides what is sent for a request: an answer, bytes as they are, or nothing. */
export type Script = (request: DecodedRequest) => ReplyAnswer | Uint8Array | null;

export async function startScriptedServer(options: {
  readonly script: Script;
  readonly grantedTimeoutMs?: number;
}): Promise<ScriptedServer> {
  const { script, grantedTimeoutMs = 4_000 } = options;
  const requests: DecodedRequest[] = [];
  const reads: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const splitter = createFrameSplitter({ frameBytesMax: clientFrameBytesMax });
    let greeted = false;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      if (greeted) reads.push(bytes.length);
      const frames = splitter.push(bytes);
      for (const frame of frames.ok ? frames.value : []) {
        if (greeted) answer(socket, frame);
        else socket.write(hello(grantedTimeoutMs));
        greeted = true;
      }
    });
  });

  function answer(socket: Socket, frame: Uint8Array): void {
    const decoded = decodeRequest(frame);
    if (!decoded.ok) throw new Error(decoded.error.reason);
    requests.push(decoded.value);
    const said = script(decoded.value);
    if (said instanceof Uint8Array) socket.write(said);
    else if (said !== null) {
      socket.write(encodeReply({ xid: decoded.value.xid, zxid: zxid(requests.length), answer: said }));
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    servers: `127.0.0.1:${port}`,
    requests,
    reads,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

function hello(timeoutMs: number): Uint8Array {
  const password = new Uint8Array(16).fill(1);
  return encodeConnectResponse({ timeoutMs, sessionId: sessionId(7), password, readOnly: false });
}
