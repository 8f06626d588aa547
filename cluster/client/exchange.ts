/**
 * Requests out, answers in: numbers them, sends them in batches, matches replies to them, and keeps
 * what must outlive a connection: the unsent ones, the watches, the credentials, the last zxid.
 *
 * Invariant: `#inFlight` holds what the current link has sent and the server has not answered, in the
 * order of their numbers; it is empty without a link.
 */
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { type Zxid, zxid } from '../base/ids.ts';
import {
  outstandingRequestsMax,
  zkClientSetWatchesBytesMax,
  zkClientUnsentBytesMax,
} from '../base/limits.ts';
import { fail, ok } from '../base/result.ts';
import { zkErrorCodes } from '../zk/errors.ts';
import type { ClientRequest } from '../zk/requests.ts';
import { reservedXids } from '../zk/wire/opcodes.ts';
import { errorOfCode, type ReplyHeader, readAnswer, readReplyHeader } from '../zk/wire/reply-client.ts';
import { appendRequest } from '../zk/wire/request-client.ts';
import { readWatchEvent } from '../zk/wire/watch-event.ts';
import { type Call, CallQueue } from './calls.ts';
import { noAnswer, refusal } from './failure.ts';
import type { Link } from './link.ts';
import { Watches } from './watches.ts';

const xidMax = 2 ** 31 - 1;
const writerBytesMin = 256;

type LossCode = 'connectionLoss' | 'operationTimeout' | 'sessionExpired' | 'clientClosed';

export class Exchange {
  readonly #watches = new Watches();
  readonly #waiting = new CallQueue();
  readonly #inFlight = new CallQueue();
  /** Credentials of this client, sent again on each connection; one that is refused is forgotten. */
  #credentials: Call[] = [];
  #credentialsInFlight: Call[] = [];
  #link: Link | null = null;
  #flushScheduled = false;
  #writerBytes = writerBytesMin;
  #xid = 0;
  #lastZxid = zxid(0);
  #lastSentMs = 0;
  #lastReceivedMs = 0;

  /** The last transaction of the server that this client knows of. */
  get lastZxid(): Zxid {
    return this.#lastZxid;
  }

  /** Requests not sent yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Milliseconds since something was sent, and received, on this connection. */
  idle(nowMs: number): { readonly sentMs: number; readonly receivedMs: number } {
    return { sentMs: nowMs - this.#lastSentMs, receivedMs: nowMs - this.#lastReceivedMs };
  }

  /** A connection is open for the session: proves identities, takes watches up again, goes on. */
  attach(link: Link): void {
    this.#link = link;
    this.#lastReceivedMs = performance.now();
    const writer = new ByteWriter();
    for (const call of this.#credentials) appendRequest(writer, call);
    this.#credentialsInFlight = [...this.#credentials];
    for (const request of this.#watches.renewals(this.#lastZxid, zkClientSetWatchesBytesMax)) {
      appendRequest(writer, { xid: reservedXids.setWatches, request });
    }
    this.#write(link, writer);
    this.#flush();
  }

  /** The connection is gone: what it had sent will not be answered. */
  detach(reason: string): void {
    this.#link = null;
    this.#credentialsInFlight = [];
    for (const call of this.#inFlight.takeAll())
      this.#lose(call, { code: 'connectionLoss', sent: true, reason });
  }

  /** The session is over and a new one follows: what was not sent yet goes there. */
  renew(reason: string): void {
    this.#link = null;
    this.#credentialsInFlight = [];
    for (const call of this.#inFlight.takeAll())
      this.#lose(call, { code: 'sessionExpired', sent: true, reason });
    this.#watches.loseAll(reason);
  }

  /** The session is over, or the client: nothing that was asked will be answered. */
  end(code: 'sessionExpired' | 'clientClosed', reason: string): void {
    this.#link = null;
    const sent = this.#inFlight.takeAll();
    const unsent = [...this.#waiting.takeAll(), ...this.#credentials];
    this.#credentials = [];
    for (const call of sent) this.#lose(call, { code, sent: true, reason });
    for (const call of unsent) this.#lose(call, { code, sent: false, reason });
    this.#watches.loseAll(reason);
  }

  /** Sends in turn, together with everything else that is asked in this turn of the event loop. */
  submit(call: Call): void {
    this.#waiting.push(call);
    this.#scheduleFlush();
  }

  /** Sends at once, now and on every later connection. */
  submitCredential(call: Call): void {
    call.xid = reservedXids.auth;
    this.#credentials.push(call);
    if (this.#link === null) return;
    this.#credentialsInFlight.push(call);
    this.#sendNow(this.#link, call);
  }

  ping(): void {
    if (this.#link !== null) this.#sendNow(this.#link, { xid: reservedXids.ping, request: { kind: 'ping' } });
  }

  /** The socket has room again. */
  drained(): void {
    if (this.#waiting.length > 0) this.#scheduleFlush();
  }

  /** Gives up on calls whose deadline has passed. */
  expireCalls(nowMs: number, lastLoss: string | null): void {
    for (const call of this.#inFlight.overdue(nowMs)) {
      this.#lose(call, { code: 'operationTimeout', sent: true, reason: 'no answer within its deadline' });
    }
    const unsent = this.#credentials.filter((call) => call.done !== null && call.deadlineMs <= nowMs);
    this.#credentials = this.#credentials.filter((call) => !unsent.includes(call));
    const reason = lastLoss === null ? 'not sent within its deadline' : `not connected: ${lastLoss}`;
    for (const call of [...this.#waiting.overdue(nowMs), ...unsent]) {
      this.#lose(call, { code: 'connectionLoss', sent: false, reason });
    }
    this.#waiting.dropSettled();
  }

  /** Takes one packet. Returns why the connection cannot go on, or null. */
  receive(frame: Uint8Array): string | null {
    this.#lastReceivedMs = performance.now();
    try {
      const reader = new ByteReader(frame);
      const problem = this.#dispatch(readReplyHeader(reader), reader);
      if (problem !== null) return problem;
    } catch (failure) {
      if (failure instanceof MalformedInput) return `not understood: ${failure.message}`;
      throw failure;
    }
    if (this.#waiting.length > 0) this.#scheduleFlush();
    return null;
  }

  #dispatch(header: ReplyHeader, reader: ByteReader): string | null {
    if (header.zxid > this.#lastZxid) this.#lastZxid = header.zxid;
    switch (header.xid) {
      case reservedXids.watchEvent:
        this.#watches.fire(readWatchEvent(reader));
        break;
      case reservedXids.ping:
        break;
      case reservedXids.auth:
        return this.#credentialAnswered(header.errorCode);
      case reservedXids.setWatches:
        if (header.errorCode !== zkErrorCodes.ok) {
          this.#watches.loseAll(`the server refused setWatches: ${errorOfCode(header.errorCode)}`);
        }
        break;
      default:
        this.#answered(header, reader);
    }
    return null;
  }

  #answered(header: ReplyHeader, reader: ByteReader): void {
    const call = this.#inFlight.first();
    if (call === null || call.xid !== header.xid) {
      throw new MalformedInput(`answer to request ${header.xid}, expected one to ${call?.xid ?? 'none'}`);
    }
    const { request, watcher } = call;
    if (header.errorCode !== zkErrorCodes.ok) {
      this.#inFlight.shift();
      const error = errorOfCode(header.errorCode);
      if (watcher !== null && error === 'noNode') this.#watches.add(request, watcher, false);
      this.#settle(call)?.(fail(refusal(request, error)));
      return;
    }
    const answer = readAnswer(reader, request);
    this.#inFlight.shift();
    if (watcher !== null) this.#watches.add(request, watcher, true);
    this.#settle(call)?.(ok(answer));
  }

  /** A server that refuses a credential closes the connection, so that one is over. */
  #credentialAnswered(errorCode: number): string | null {
    const call = this.#credentialsInFlight.shift();
    if (call === undefined) return null;
    if (errorCode === zkErrorCodes.ok) {
      this.#settle(call)?.(ok({ kind: 'empty' }));
      return null;
    }
    this.#credentials = this.#credentials.filter((known) => known !== call);
    this.#settle(call)?.(fail(refusal(call.request, errorOfCode(errorCode))));
    return 'a credential was refused';
  }

  #lose(
    call: Call,
    loss: { readonly code: LossCode; readonly sent: boolean; readonly reason: string },
  ): void {
    this.#settle(call)?.(fail(noAnswer(call.request, loss)));
  }

  #settle(call: Call): Call['done'] {
    const { done } = call;
    call.done = null;
    return done;
  }

  /** After the promise callbacks at hand: what they ask shares one write. */
  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#link === null) return;
    this.#flushScheduled = true;
    process.nextTick(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const link = this.#link;
    if (link === null) return;
    const room = zkClientUnsentBytesMax - link.unsentBytes;
    const writer = new ByteWriter(this.#writerBytes);
    while (this.#inFlight.length < outstandingRequestsMax && writer.length < room) {
      const call = this.#waiting.shift();
      if (call === null) break;
      if (call.done === null) continue;
      this.#xid = this.#xid === xidMax ? 1 : this.#xid + 1;
      call.xid = this.#xid;
      appendRequest(writer, call);
      this.#inFlight.push(call);
    }
    this.#writerBytes = Math.max(writerBytesMin, writer.length);
    this.#write(link, writer);
  }

  #sendNow(link: Link, call: { readonly xid: number; readonly request: ClientRequest }): void {
    const writer = new ByteWriter(writerBytesMin);
    appendRequest(writer, call);
    this.#write(link, writer);
  }

  #write(link: Link, writer: ByteWriter): void {
    if (writer.length === 0) return;
    this.#lastSentMs = performance.now();
    link.send(writer.finish());
  }
}
