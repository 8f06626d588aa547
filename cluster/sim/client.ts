/**
 * A client of the simulated ensemble: one session, some requests in flight, a serial on every write.
 * It speaks the real protocol, reconnects to any member with its session, and checks what a session
 * is promised as the answers come in.
 */

import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { createFrameSplitter, type FrameSplitter } from '../base/frames.ts';
import { zxid } from '../base/ids.ts';
import { clientFrameBytesMax } from '../base/limits.ts';
import { decodeUtf8 } from '../base/utf8.ts';
import type { AcknowledgedWrites } from '../check/acknowledged-writes.ts';
import { SessionOrder } from '../check/session-order.ts';
import { Violation } from '../check/violation.ts';
import type { ClientRequest } from '../zk/requests.ts';
import {
  decodeConnectResponse,
  encodeConnectRequest,
  noSession,
  type SessionCredentials,
} from '../zk/wire/connect-client.ts';
import { errorOfCode, readAnswer, readReplyHeader } from '../zk/wire/reply-client.ts';
import { appendRequest } from '../zk/wire/request-client.ts';
import type { SimConnection } from './client-connection.ts';
import type { SimMember } from './member.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimTrace } from './trace.ts';
import { type Work, Workload } from './workload.ts';

const replyTimeoutMs = 5_000;
const reconnectDelayMs = 50;
const sessionTimeoutMs = 10_000;

interface InFlight {
  readonly request: ClientRequest;
  readonly serial: string | null;
  readonly ordinal: number;
}

export class SimClient {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #workload: Workload;
  readonly #members: readonly SimMember[];
  readonly #writes: AcknowledgedWrites;
  readonly #trace: SimTrace;
  readonly #inFlightMax: number;
  readonly #thinkMs: number;
  #session: SessionCredentials = noSession;
  #order: SessionOrder;
  #connection: SimConnection | null = null;
  #splitter: FrameSplitter = createFrameSplitter({ frameBytesMax: clientFrameBytesMax });
  /** Identity of the present connection: callbacks of an earlier one are ignored. */
  #end: object | null = null;
  #handshaken = false;
  /** The connection on which the client pauses before its next requests. */
  #thinking: object | null = null;
  #prepared = false;
  #inFlight: InFlight[] = [];
  #ordinal = 0;
  #lastHeardMs = 0;
  /** Highest own value acknowledged; a later read must not show less. */
  #ownAcknowledged = 0;
  #answers = 0;
  #working = true;

  constructor(options: {
    readonly name: string;
    readonly scheduler: Scheduler;
    readonly random: SeededRandom;
    readonly members: readonly SimMember[];
    readonly writes: AcknowledgedWrites;
    readonly trace: SimTrace;
    readonly inFlightMax: number;
    readonly thinkMs: number;
  }) {
    this.name = options.name;
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#workload = new Workload({ name: options.name, random: options.random });
    this.#members = options.members;
    this.#writes = options.writes;
    this.#trace = options.trace;
    this.#inFlightMax = options.inFlightMax;
    this.#thinkMs = options.thinkMs;
    this.#order = new SessionOrder(options.name);
    this.#lastHeardMs = options.scheduler.nowMs;
    this.#connect();
    this.#watchDeadline();
  }

  /** Answers received so far: progress. */
  get answers(): number {
    return this.#answers;
  }

  /** True when every request has its answer. */
  get idle(): boolean {
    return this.#inFlight.length === 0;
  }

  /** Sends nothing new from now on. */
  finish(): void {
    this.#working = false;
  }

  #connect(): void {
    const member = this.#random.pick(this.#members);
    this.#splitter = createFrameSplitter({ frameBytesMax: clientFrameBytesMax });
    this.#handshaken = false;
    this.#lastHeardMs = this.#scheduler.nowMs;
    const end = {
      received: (bytes: Uint8Array) => this.#received(end, bytes),
      broken: () => this.#lost(end),
    };
    this.#end = end;
    this.#connection = member.connect(end, this.name);
    if (this.#connection === null) {
      this.#retry();
      return;
    }
    this.#trace.say(`${this.name}: connects to ${member.id}`);
    const hello = {
      lastZxidSeen: zxid(this.#order.zxid),
      timeoutMs: sessionTimeoutMs,
      session: this.#session,
    };
    this.#connection.send(encodeConnectRequest(hello));
  }

  #retry(): void {
    this.#connection = null;
    this.#end = null;
    this.#scheduler.after(reconnectDelayMs, () => this.#connect());
  }

  /** Whatever had no answer may have happened or not. */
  #lost(end: object): void {
    if (end !== this.#end) return;
    this.#trace.say(`${this.name}: disconnected with ${this.#inFlight.length} in flight`);
    this.#inFlight = [];
    this.#ordinal = 0;
    this.#order.reconnected();
    this.#retry();
  }

  #received(end: object, bytes: Uint8Array): void {
    if (end !== this.#end) return;
    this.#lastHeardMs = this.#scheduler.nowMs;
    const split = this.#splitter.push(bytes);
    if (!split.ok) throw new Violation('protocol', `${this.name}: ${split.error}`);
    for (const frame of split.value) {
      if (this.#handshaken) this.#answered(frame);
      else this.#welcomed(end, frame);
    }
    if (this.#handshaken) this.#think(end);
  }

  #welcomed(end: object, frame: Uint8Array): void {
    const response = decodeConnectResponse(frame);
    if (!response.ok) throw new Violation('protocol', `${this.name}: ${response.error}`);
    if (response.value.timeoutMs <= 0) {
      this.#trace.say(`${this.name}: session expired`);
      this.#session = noSession;
      this.#order = new SessionOrder(this.name);
      this.#lost(end);
      return;
    }
    this.#session = response.value.session;
    this.#handshaken = true;
    if (!this.#prepared) for (const work of this.#workload.preparations()) this.#send(work);
  }

  /** Answers that come in while the client thinks add nothing to its pause. */
  #think(end: object): void {
    if (this.#thinkMs === 0) {
      this.#work();
      return;
    }
    if (this.#thinking === end) return;
    this.#thinking = end;
    this.#scheduler.after(this.#thinkMs, () => {
      if (this.#thinking === end) this.#thinking = null;
      if (end === this.#end) this.#work();
    });
  }

  #work(): void {
    while (this.#working && this.#prepared && this.#inFlight.length < this.#inFlightMax)
      this.#send(this.#workload.draw());
  }

  #send({ request, serial }: Work): void {
    if (serial !== null) this.#writes.tried(serial);
    this.#ordinal += 1;
    this.#inFlight.push({ request, serial, ordinal: this.#ordinal });
    const writer = new ByteWriter();
    appendRequest(writer, { xid: this.#ordinal, request });
    this.#connection?.send(writer.finish());
  }

  #answered(frame: Uint8Array): void {
    const reader = new ByteReader(frame);
    const header = readReplyHeader(reader);
    if (header.xid < 0) return;
    const inFlight = this.#inFlight.shift();
    if (inFlight === undefined || inFlight.ordinal !== header.xid) {
      throw new Violation(
        'answers in order',
        `${this.name}: got ${header.xid}, expected ${inFlight?.ordinal}`,
      );
    }
    this.#answers += 1;
    this.#order.answered(header.xid, header.zxid);
    this.#trace.say(
      `${this.name}: ${inFlight.request.kind} ${header.xid} error=${header.errorCode} zxid=${header.zxid}`,
    );
    if (header.errorCode !== 0) {
      if (inFlight.serial !== null) this.#writes.refused(inFlight.serial);
      this.#refused(header.errorCode, inFlight.request);
      return;
    }
    if (inFlight.serial !== null) this.#writes.acknowledged(inFlight.serial);
    this.#markPrepared(inFlight.request);
    this.#checkOwn(inFlight.request, readAnswer(reader, inFlight.request));
  }

  /** Nothing in the workload can fail but for a session that moved or ended while requests were under way. */
  #refused(errorCode: number, request: ClientRequest): void {
    const error = errorOfCode(errorCode);
    if (error === 'sessionExpired' || error === 'sessionMoved') return;
    if (error === 'nodeExists' && !this.#prepared) {
      this.#markPrepared(request);
      return;
    }
    throw new Violation('workload', `${this.name}: ${request.kind} answered ${error}`);
  }

  /** The client's own znode is the last of its preparations. */
  #markPrepared(request: ClientRequest): void {
    if (request.kind === 'create' && request.path === `/${this.name}`) this.#prepared = true;
  }

  #checkOwn(request: ClientRequest, answer: ReturnType<typeof readAnswer>): void {
    if (request.kind === 'setData') this.#ownAcknowledged = Number(decodeUtf8(request.data));
    if (answer.kind !== 'data') return;
    const shown = Number(decodeUtf8(answer.data));
    if (shown < this.#ownAcknowledged || shown > this.#workload.ownWritten) {
      const range = `${this.#ownAcknowledged}…${this.#workload.ownWritten}`;
      throw new Violation('reads its own writes', `${this.name}: read ${shown}, expected ${range}`);
    }
  }

  /** A client gives up on a server it does not hear from, as Apache's clients do. */
  #watchDeadline(): void {
    this.#scheduler.after(replyTimeoutMs / 5, () => {
      const silentMs = this.#scheduler.nowMs - this.#lastHeardMs;
      if (this.#connection !== null && this.#end !== null && silentMs > replyTimeoutMs) {
        this.#connection.hangUp();
        this.#lost(this.#end);
      }
      this.#watchDeadline();
    });
  }
}
