/** A client for tests: says what it is told, byte by byte if need be, and keeps all it hears. */
import { assert } from '../../base/assert.ts';
import { ByteReader, ByteWriter } from '../../base/bytes.ts';
import { createFrameSplitter } from '../../base/frames.ts';
import { type Zxid, zxid } from '../../base/ids.ts';
import { decodeUtf8 } from '../../base/utf8.ts';
import type { ClientHandler } from '../../ports/client-link.ts';
import type { ClientRequest } from '../../zk/requests.ts';
import {
  decodeConnectResponse,
  encodeConnectRequest,
  noSession,
  type ServerHello,
  type SessionCredentials,
} from '../../zk/wire/connect-client.ts';
import type { ReplyAnswer } from '../../zk/wire/reply.ts';
import { errorOfCode, readAnswer, readReplyHeader } from '../../zk/wire/reply-client.ts';
import { appendRequest } from '../../zk/wire/request-client.ts';
import type { Replica } from '../replica.ts';

const pingXid = -2;

export class TestClient {
  /** Bytes that came before the connection was known to speak in frames: a four-letter word's text. */
  text = '';
  welcome: ServerHello | null = null;
  /** What came after the handshake: an answer by its kind, an error by its name, an event as such. */
  readonly heard: { readonly xid: number; readonly zxid: Zxid; readonly answer: ReplyAnswer | null }[] = [];
  closed = false;
  paused = false;
  /** Bytes it has not read, when it reads slowly. */
  unreadBytes = 0;
  readonly #handler: ClientHandler;
  readonly #splitter = createFrameSplitter({ frameBytesMax: 64 * 1024 * 1024 });
  readonly #asked = new Map<number, ClientRequest>();
  #spoke = false;
  #xid = 0;

  constructor(replica: Replica) {
    const client = this;
    this.#handler = replica.accept({
      remoteAddress: '127.0.0.1',
      label: 'test',
      get unsentBytes() {
        return client.unreadBytes;
      },
      send: (bytes) => this.#received(bytes.slice()),
      pauseReading: () => {
        this.paused = true;
      },
      resumeReading: () => {
        this.paused = false;
      },
      close: () => {
        this.closed = true;
      },
    });
  }

  /** What a client that comes back shows. */
  get session(): SessionCredentials {
    assert(this.welcome !== null, 'there is a session');
    return this.welcome.session;
  }

  /** Error names and answer kinds, in the order they came. */
  get outcomes(): readonly string[] {
    return this.heard.map(({ answer }) =>
      answer === null ? 'event' : answer.kind === 'error' ? answer.error : answer.kind,
    );
  }

  send(bytes: Uint8Array): void {
    this.#handler.received(bytes);
  }

  /** Reads all that waits for it. */
  readAll(): void {
    this.unreadBytes = 0;
    this.#handler.drained();
  }

  /** The client's side of the connection is gone. */
  leave(): void {
    this.#handler.closed();
  }

  connect(hello: {
    readonly session?: SessionCredentials;
    readonly lastZxidSeen?: number;
    readonly timeoutMs?: number;
  }): void {
    this.send(this.hello(hello));
  }

  hello(hello: Parameters<TestClient['connect']>[0]): Uint8Array {
    this.#spoke = true;
    return encodeConnectRequest({
      lastZxidSeen: zxid(hello.lastZxidSeen ?? 0),
      timeoutMs: hello.timeoutMs ?? 10_000,
      session: hello.session ?? noSession,
    });
  }

  /** Sends requests in one packet, numbered on. */
  ask(...requests: readonly ClientRequest[]): void {
    this.send(this.packet(...requests));
  }

  packet(...requests: readonly ClientRequest[]): Uint8Array {
    const writer = new ByteWriter();
    for (const request of requests) {
      if (request.kind !== 'ping') this.#xid += 1;
      const xid = request.kind === 'ping' ? pingXid : this.#xid;
      this.#asked.set(xid, request);
      appendRequest(writer, { xid, request });
    }
    return writer.finish();
  }

  #received(bytes: Uint8Array): void {
    assert(!this.closed, 'nothing is sent over a closed connection');
    if (!this.#spoke) {
      this.text += decodeUtf8(bytes);
      return;
    }
    const split = this.#splitter.push(bytes);
    assert(split.ok, 'the server speaks in frames');
    for (const frame of split.value) {
      if (this.welcome === null) this.#welcomed(frame);
      else this.#answered(new ByteReader(frame));
    }
  }

  #welcomed(frame: Uint8Array): void {
    const decoded = decodeConnectResponse(frame);
    assert(decoded.ok, 'the server answers the handshake');
    this.welcome = decoded.value;
  }

  #answered(reader: ByteReader): void {
    const { xid, zxid: at, errorCode } = readReplyHeader(reader);
    const request = this.#asked.get(xid);
    const error = { kind: 'error', error: errorOfCode(errorCode) } as const;
    const answer = request === undefined ? null : errorCode === 0 ? readAnswer(reader, request) : error;
    this.heard.push({ xid, zxid: at, answer });
  }
}
