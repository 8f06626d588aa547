/**
 * One client's connection: a four-letter word, or the handshake and then requests. Who may say what
 * in which state is decided here; an open session's requests are `SessionRequests`'.
 *
 * Follows ZooKeeper's NIOServerCnxn and ZooKeeperServer.processConnectRequest.
 */

import { createFrameSplitter } from '../../base/frames.ts';
import { hex, type SessionId, sessionId } from '../../base/ids.ts';
import {
  clientFrameBytesMax,
  clientUnsentBytesForPause,
  clientUnsentBytesMax,
  sessionTimeoutMaxMs,
  sessionTimeoutMinMs,
} from '../../base/limits.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import type { ClientHandler, ClientLink } from '../../ports/client-link.ts';
import { type ClientFacts, fourLetterWordIn } from '../../zk/four-letter.ts';
import type { WatchEvent } from '../../zk/records.ts';
import type { ConnectRequest } from '../../zk/requests.ts';
import type { Applied } from '../../zk/store.ts';
import { decodeConnectRequest, encodeConnectResponse } from '../../zk/wire/connect.ts';
import { encodeWatchEvent } from '../../zk/wire/watch-event.ts';
import type { ConnectionHost, SessionConnection } from './connection-host.ts';
import { SessionRequests } from './session-requests.ts';

/** Time a connection has to finish its handshake, in milliseconds. */
export const handshakeTimeoutMs = 10_000;

const passwordBytes = 16;
const noSession = sessionId(0);
const nothing = new Uint8Array(0);

type Phase =
  /** The first four bytes are not complete: a word or a frame? */
  | { readonly kind: 'fresh'; readonly bytes: Uint8Array }
  | { readonly kind: 'handshake' }
  /** The session's creation or move is in the log. */
  | { readonly kind: 'joining'; readonly session: SessionId }
  | { readonly kind: 'open'; readonly requests: SessionRequests }
  | { readonly kind: 'closed' };

export class ClientConnection implements ClientHandler, SessionConnection {
  readonly #link: ClientLink;
  readonly #host: ConnectionHost;
  readonly #splitter = createFrameSplitter({ frameBytesMax: clientFrameBytesMax });
  readonly #openedMs: number;
  #phase: Phase = { kind: 'fresh', bytes: nothing };
  #session: SessionId = noSession;
  #timeoutMs = 0;
  #frames: Uint8Array[] = [];
  #nextFrame = 0;
  #paused = false;
  #working = false;
  #received = 0;
  #sent = 0;

  constructor(link: ClientLink, host: ConnectionHost) {
    this.#link = link;
    this.#host = host;
    this.#openedMs = host.clock.monotonicMs();
  }

  /** The session whose client is here; 0 before the handshake is done. */
  get session(): SessionId {
    return this.#session;
  }

  /** The session whose attachment is in the log; 0 otherwise. */
  get returningTo(): SessionId {
    return this.#phase.kind === 'joining' ? this.#phase.session : noSession;
  }

  get isOpen(): boolean {
    return this.#phase.kind !== 'closed';
  }

  /** True while the client has so much unread that its next requests wait. */
  get congested(): boolean {
    return this.#link.unsentBytes >= clientUnsentBytesForPause;
  }

  /** True when the handshake took too long at this monotonic time. */
  overdue(nowMs: number): boolean {
    const opening = this.#phase.kind === 'fresh' || this.#phase.kind === 'handshake';
    return opening && nowMs - this.#openedMs > handshakeTimeoutMs;
  }

  /** What `stat` and `cons` print of a client. */
  facts(): ClientFacts {
    const queued = this.#phase.kind === 'open' ? this.#phase.requests.waiting : 0;
    return { label: this.#link.label, queued, received: this.#received, sent: this.#sent };
  }

  received(bytes: Uint8Array): void {
    const phase = this.#phase;
    if (phase.kind === 'closed') return;
    if (phase.kind !== 'fresh') {
      this.#split(bytes);
      return;
    }
    const opening = concatenate(phase.bytes, bytes);
    if (opening.length < 4) {
      this.#phase = { kind: 'fresh', bytes: opening };
      return;
    }
    const word = fourLetterWordIn(opening.subarray(0, 4));
    if (word === null) {
      this.#phase = { kind: 'handshake' };
      this.#split(opening);
      return;
    }
    this.#link.send(encodeUtf8(this.#host.fourLetterText(word)));
    this.end();
  }

  drained(): void {
    if (this.#phase.kind === 'open') this.#phase.requests.drained();
    this.resume();
  }

  /** The socket is gone. The session lives on until it expires or its client comes back. */
  closed(): void {
    if (this.#phase.kind === 'closed') return;
    this.#phase = { kind: 'closed' };
    this.#frames = [];
    this.#host.left(this);
  }

  /** Closes the connection from this side, after what was sent. */
  end(): void {
    if (this.#phase.kind === 'closed') return;
    this.#link.close();
    this.closed();
  }

  /** The session was closed, expired or moved away. A close that this client asked for answers first. */
  sessionGone(): void {
    if (this.#phase.kind === 'open' && this.#phase.requests.closing) return;
    this.end();
  }

  notify(event: WatchEvent): void {
    if (this.#phase.kind === 'open') this.send(encodeWatchEvent(event));
  }

  /** Sends one whole packet. A client that does not read is disconnected past a bound. */
  send(packet: Uint8Array): void {
    if (this.#phase.kind === 'closed') return;
    this.#sent += 1;
    this.#host.vitals.sent += 1;
    this.#link.send(packet);
    if (this.#link.unsentBytes > clientUnsentBytesMax) this.#refuse('clientTooSlow', this.#link.unsentBytes);
  }

  /** Takes up frames that waited for room; harmless when none do. */
  resume(): void {
    if (!this.#paused || this.#working) return;
    this.#work();
    if (!this.#paused || this.#phase.kind === 'closed') return;
    if (this.#nextFrame === this.#frames.length) {
      this.#paused = false;
      this.#link.resumeReading();
    }
  }

  #split(bytes: Uint8Array): void {
    const split = this.#splitter.push(bytes);
    if (!split.ok) {
      this.#refuse('clientFrameRefused', split.error);
      return;
    }
    for (const frame of split.value) this.#frames.push(frame);
    this.#work();
    if (this.#nextFrame < this.#frames.length && !this.#paused) {
      this.#paused = true;
      this.#link.pauseReading();
    }
  }

  /** An answer given on the way asks to resume: the loop goes on anyway, and must not nest. */
  #work(): void {
    this.#working = true;
    while (this.#nextFrame < this.#frames.length && !this.#blocked()) {
      const frame = this.#frames[this.#nextFrame];
      this.#nextFrame += 1;
      if (frame === undefined) break;
      this.#received += 1;
      this.#host.vitals.received += 1;
      if (this.#phase.kind === 'open') this.#phase.requests.receive(frame);
      else if (this.#phase.kind === 'handshake') this.#connect(frame);
    }
    this.#working = false;
    if (this.#nextFrame === this.#frames.length) {
      this.#frames = [];
      this.#nextFrame = 0;
    }
  }

  #blocked(): boolean {
    switch (this.#phase.kind) {
      case 'open':
        return this.#phase.requests.full || this.#host.forwarder.full || this.congested;
      case 'handshake':
        return this.#host.forwarder.full;
      default:
        return true;
    }
  }

  #connect(frame: Uint8Array): void {
    const decoded = decodeConnectRequest(frame);
    if (!decoded.ok) {
      this.#refuse('connectRefused', decoded.error);
      return;
    }
    const request = decoded.value;
    if (!this.#host.serving) {
      this.#refuse('connectRefused', 'this member has no leader to serve with');
      return;
    }
    if (request.sessionId === 0 && this.#behind(request)) return;
    this.#timeoutMs = Math.min(Math.max(request.timeoutMs, sessionTimeoutMinMs), sessionTimeoutMaxMs);
    this.#phase = { kind: 'joining', session: request.sessionId };
    const timeoutMs = this.#timeoutMs;
    this.#host.forwarder.submit(
      request.sessionId === 0
        ? { kind: 'createSession', timeoutMs, password: this.#host.random.bytes(passwordBytes) }
        : { kind: 'attachSession', session: request.sessionId, password: request.password, timeoutMs },
      (applied) => this.#joined(request, applied),
    );
  }

  #joined(request: ConnectRequest, applied: Applied): void {
    if (this.#phase.kind !== 'joining') return;
    const answer = applied.command?.answer;
    if (answer?.kind === 'sessionCreated') {
      this.#open(answer.session, answer.password);
    } else if (answer?.kind === 'sessionAttached') {
      if (!this.#behind(request)) this.#open(answer.session, request.password);
    } else {
      const expired = {
        timeoutMs: 0,
        sessionId: noSession,
        password: new Uint8Array(passwordBytes),
        readOnly: false,
      };
      this.send(encodeConnectResponse(expired));
      this.end();
    }
  }

  #open(session: SessionId, password: Uint8Array): void {
    this.#session = session;
    const requests = new SessionRequests({
      connection: this,
      host: this.#host,
      session,
      remoteAddress: this.#link.remoteAddress,
    });
    this.#phase = { kind: 'open', requests };
    this.#host.joined(session, this);
    this.send(
      encodeConnectResponse({ timeoutMs: this.#timeoutMs, sessionId: session, password, readOnly: false }),
    );
    this.resume();
  }

  /** A client that has seen a later state than this member's must not go back in time. */
  #behind(request: ConnectRequest): boolean {
    if (request.lastZxidSeen <= this.#host.store.zxid) return false;
    this.#refuse(
      'connectRefused',
      `client has seen zxid ${hex(request.lastZxidSeen)}, ours is ${hex(this.#host.store.zxid)}`,
    );
    return true;
  }

  #refuse(event: string, reason: string | number): void {
    this.#host.trace.emit('warn', event, { client: this.#link.label, session: hex(this.#session), reason });
    this.end();
  }
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}
