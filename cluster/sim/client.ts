/**
 * A client of the simulated ensemble: one session, some requests in flight. It speaks the real
 * protocol, comes back to any member with its session and its watches, stays away now and then until
 * its session expires, or closes it; its `Witness` checks what it is told.
 */
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { createFrameSplitter, type FrameSplitter } from '../base/frames.ts';
import { zxid } from '../base/ids.ts';
import { clientFrameBytesMax } from '../base/limits.ts';
import { Violation } from '../check/violation.ts';
import type { ClientRequest } from '../zk/requests.ts';
import {
  decodeConnectResponse,
  encodeConnectRequest,
  noSession,
  type SessionCredentials,
  sessionIdOf,
} from '../zk/wire/connect-client.ts';
import { reservedXids } from '../zk/wire/opcodes.ts';
import { errorOfCode, type ReplyHeader, readAnswer, readReplyHeader } from '../zk/wire/reply-client.ts';
import { appendRequest } from '../zk/wire/request-client.ts';
import { readWatchEvent } from '../zk/wire/watch-event.ts';
import { ClientWire, type SimClientEnd, type SimConnection } from './client-connection.ts';
import type { ClientOptions } from './client-options.ts';
import { type Asked, Witness } from './witness.ts';
import { type Work, Workload } from './workload.ts';

const replyTimeoutMs = 5_000;
const pingAfterMs = 1_500;
const reconnectDelayMaxMs = 500;

/** One connection: callbacks of an earlier one are ignored. */
interface Line extends SimClientEnd {
  connection: SimConnection | null;
  readonly splitter: FrameSplitter;
  state: 'greeting' | 'open' | 'closing';
  thinking: boolean;
}

export class SimClient {
  readonly name: string;
  readonly wire: ClientWire;
  readonly #options: ClientOptions;
  readonly #witness: Witness;
  readonly #workload: Workload;
  #session: SessionCredentials = noSession;
  #line: Line | null = null;
  #prepared = 0;
  #inFlight: Asked[] = [];
  #ordinal = 0;
  #lastHeardMs: number;
  #lastSentMs = 0;
  #answers = 0;
  #working = true;

  constructor(options: ClientOptions) {
    this.name = options.name;
    this.#options = options;
    this.wire = new ClientWire(options.scheduler);
    this.#witness = new Witness(options.name, options.judges);
    this.#workload = new Workload(options);
    this.#lastHeardMs = options.scheduler.nowMs;
    this.#connect();
    this.#watchDeadline();
  }

  /** Answers received so far: progress. */
  get answers(): number {
    return this.#answers;
  }

  /** True when its last barrier, behind which every change must have been told, is answered. */
  get finished(): boolean {
    return !this.#working && this.#line?.state === 'open' && this.#inFlight.length === 0;
  }

  /** Sends nothing more but one last barrier. */
  finish(): void {
    if (!this.#working) return;
    this.#working = false;
    if (this.#line?.state === 'open') this.#sendBarrier();
  }

  /** Its connection is gone at once, with everything that was under way. */
  cutOff(): void {
    if (this.#line !== null) this.#lost(this.#line, this.#reconnectDelayMs());
  }

  /** Prepares what it needs anew: the ensemble may have lost it. */
  beginAgain(): void {
    this.#prepared = 0;
    this.#workload.beginAgain();
  }

  #connect(): void {
    if (this.#line !== null) return;
    const host = this.#options.random.pick(this.#options.hosts());
    this.#lastHeardMs = this.#options.scheduler.nowMs;
    const line: Line = {
      connection: null,
      splitter: createFrameSplitter({ frameBytesMax: clientFrameBytesMax }),
      state: 'greeting',
      thinking: false,
      received: (bytes) => this.#received(line, bytes),
      broken: () => this.#lost(line, this.#reconnectDelayMs()),
    };
    line.connection = host.connect(line, this.wire, this.name);
    if (line.connection === null) {
      this.#options.scheduler.after(this.#reconnectDelayMs(), () => this.#connect());
      return;
    }
    this.#line = line;
    this.#say(`connects to ${host.name}`);
    this.#lastSentMs = this.#options.scheduler.nowMs;
    line.connection.send(
      encodeConnectRequest({
        lastZxidSeen: zxid(this.#witness.zxid),
        timeoutMs: this.#options.sessionTimeoutMs,
        session: this.#session,
      }),
    );
  }

  /** Whatever had no answer may have happened or not. */
  #lost(line: Line, awayMs: number): void {
    if (line !== this.#line) return;
    this.#say(`disconnected with ${this.#inFlight.length} in flight`);
    for (const asked of this.#inFlight) this.#witness.lost(asked);
    this.#inFlight = [];
    this.#ordinal = 0;
    this.#line = null;
    this.#witness.reconnected();
    this.#options.scheduler.after(awayMs, () => this.#connect());
  }

  #sessionEnded(line: Line): void {
    this.#session = noSession;
    this.#lost(line, this.#reconnectDelayMs());
    this.#witness.sessionEnded();
  }

  #received(line: Line, bytes: Uint8Array): void {
    if (line !== this.#line) return;
    this.#lastHeardMs = this.#options.scheduler.nowMs;
    const split = line.splitter.push(bytes);
    if (!split.ok) throw new Violation('protocol', `${this.name}: ${split.error}`);
    for (const frame of split.value) {
      if (line !== this.#line) return;
      if (line.state === 'greeting') this.#welcomed(line, frame);
      else this.#told(line, frame);
    }
    if (line === this.#line && line.state === 'open') this.#think(line);
  }

  #welcomed(line: Line, frame: Uint8Array): void {
    const response = decodeConnectResponse(frame);
    if (!response.ok) throw new Violation('protocol', `${this.name}: ${response.error}`);
    const { session, timeoutMs } = response.value;
    if (timeoutMs <= 0) {
      this.#say('session expired');
      this.#sessionEnded(line);
      return;
    }
    this.#session = session;
    this.#witness.connected(sessionIdOf(session));
    line.state = 'open';
    this.#leaveWatchesAgain();
    if (this.#prepared === 0) for (const work of this.#workload.preparations()) this.#ask([work]);
    if (!this.#working) this.#sendBarrier();
  }

  /** First thing on a new connection, before any other request. */
  #leaveWatchesAgain(): void {
    const lists = this.#witness.watches.leaveAgain();
    if (lists.data.length + lists.exist.length + lists.child.length === 0) return;
    this.#send(reservedXids.setWatches, {
      kind: 'setWatches',
      relativeZxid: zxid(this.#witness.zxid),
      ...lists,
    });
  }

  /** Answers that come in while the client thinks add nothing to its pause. */
  #think(line: Line): void {
    if (line.thinking) return;
    line.thinking = true;
    const { scheduler, thinkMs, random } = this.#options;
    scheduler.after(thinkMs === 0 ? 0 : random.below(2 * thinkMs), () => {
      line.thinking = false;
      if (line === this.#line && line.state === 'open' && this.#working) this.#work(line);
    });
  }

  #work(line: Line): void {
    if (this.#prepared === 0) return;
    if (this.#options.random.chance(this.#options.leaves)) {
      this.#leave(line);
      return;
    }
    while (this.#inFlight.length < this.#options.inFlightMax) this.#ask(this.#workload.draw());
  }

  #leave(line: Line): void {
    const { random, sessionTimeoutMs } = this.#options;
    if (random.chance(0.5)) {
      this.#say('closes its session');
      line.state = 'closing';
      this.#ask([{ request: { kind: 'closeSession' }, aim: { kind: 'barrier' } }]);
      return;
    }
    this.#say('stays away');
    line.connection?.hangUp();
    this.#lost(line, random.below(2 * sessionTimeoutMs));
  }

  #sendBarrier(): void {
    this.#ask([{ request: { kind: 'sync', path: '/' }, aim: { kind: 'barrier' } }]);
  }

  #ask(group: readonly Work[]): void {
    const asked = this.#witness.ask(group, () => {
      this.#ordinal += 1;
      return this.#ordinal;
    });
    for (const one of asked) {
      this.#inFlight.push(one);
      this.#send(one.ordinal, one.request);
    }
  }

  #send(xid: number, request: ClientRequest): void {
    const writer = new ByteWriter();
    appendRequest(writer, { xid, request });
    this.#lastSentMs = this.#options.scheduler.nowMs;
    this.#line?.connection?.send(writer.finish());
  }

  #told(line: Line, frame: Uint8Array): void {
    const reader = new ByteReader(frame);
    const header = readReplyHeader(reader);
    if (header.xid === reservedXids.watchEvent) this.#witness.told(readWatchEvent(reader));
    else if (header.xid === reservedXids.setWatches) {
      this.#witness.saw(header.zxid);
      this.#witness.watches.leftAgain(header.zxid);
    } else if (header.xid > 0) this.#answered(line, header, reader);
  }

  #answered(line: Line, { xid, zxid: at, errorCode }: ReplyHeader, reader: ByteReader): void {
    const asked = this.#inFlight.shift();
    if (asked === undefined || asked.ordinal !== xid) {
      throw new Violation('answers in order', `${this.name}: got ${xid}, expected ${asked?.ordinal}`);
    }
    this.#answers += 1;
    const { request } = asked;
    this.#say(`${request.kind} ${xid} error=${errorCode} zxid=${at}`);
    this.#witness.answered(
      asked,
      at,
      errorCode === 0
        ? { kind: 'answer', answer: readAnswer(reader, request) }
        : { kind: 'error', error: errorOfCode(errorCode) },
    );
    if (asked.aim.kind === 'prepare') this.#prepared += 1;
    if (request.kind === 'closeSession') this.#sessionEnded(line);
  }

  /** A client pings a server that it has nothing to ask, and gives up on one it does not hear from. */
  #watchDeadline(): void {
    const { scheduler } = this.#options;
    scheduler.after(pingAfterMs / 3, () => {
      const line = this.#line;
      if (line !== null && scheduler.nowMs - this.#lastHeardMs > replyTimeoutMs) {
        line.connection?.hangUp();
        this.#lost(line, this.#reconnectDelayMs());
      } else if (line?.state === 'open' && scheduler.nowMs - this.#lastSentMs > pingAfterMs) {
        this.#send(reservedXids.ping, { kind: 'ping' });
      }
      this.#watchDeadline();
    });
  }

  #reconnectDelayMs(): number {
    return 1 + this.#options.random.below(reconnectDelayMaxMs);
  }

  #say(text: string): void {
    this.#options.trace.say(`${this.name}: ${text}`);
  }
}
