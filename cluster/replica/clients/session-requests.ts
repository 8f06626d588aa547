/**
 * The requests of one open session: reads are answered from the local store in their turn, writes go
 * to the leader and are answered when they are applied here, `sync` waits for a read barrier.
 *
 * Follows FinalRequestProcessor and CommitProcessor.
 */
import { unreachable } from '../../base/assert.ts';
import { hex, type SessionId, zxid as toZxid, type Zxid } from '../../base/ids.ts';
import { outstandingRequestsMax } from '../../base/limits.ts';
import { admit } from '../../zk/admit.ts';
import { digestIdentity } from '../../zk/digest-auth.ts';
import type { ZkError } from '../../zk/errors.ts';
import type { AuthId } from '../../zk/records.ts';
import type {
  ClientRequest,
  ConnectionRequest,
  ReadRequest,
  WriteAnswer,
  WriteRequest,
} from '../../zk/requests.ts';
import { setWatches } from '../../zk/set-watches.ts';
import type { AppliedAnswer } from '../../zk/store.ts';
import { reservedXids } from '../../zk/wire/opcodes.ts';
import { encodeReply, type ReplyAnswer } from '../../zk/wire/reply.ts';
import { decodeRequest, type MalformedRequest } from '../../zk/wire/request.ts';
import { AnswerQueue } from './answer-queue.ts';
import type { ConnectionHost, SessionConnection } from './connection-host.ts';

const zxidOfNothing = toZxid(0);

export class SessionRequests {
  readonly #connection: SessionConnection;
  readonly #host: ConnectionHost;
  readonly #session: SessionId;
  readonly #answers: AnswerQueue;
  #auth: readonly AuthId[];
  #closing = false;
  #zxidTold = zxidOfNothing;

  constructor(options: {
    readonly connection: SessionConnection;
    readonly host: ConnectionHost;
    readonly session: SessionId;
    readonly remoteAddress: string;
  }) {
    this.#connection = options.connection;
    this.#host = options.host;
    this.#session = options.session;
    this.#auth = [{ scheme: 'ip', id: options.remoteAddress }];
    this.#answers = new AnswerQueue({
      answered: (arrivedMs) => {
        this.#host.vitals.answered(this.#host.clock.monotonicMs() - arrivedMs);
        this.#connection.resume();
      },
      mayAnswer: () => !this.#connection.congested,
    });
  }

  /** Requests not answered yet. */
  get waiting(): number {
    return this.#answers.length;
  }

  /** True once the client asked to close its session. */
  get closing(): boolean {
    return this.#closing;
  }

  get full(): boolean {
    return this.#answers.length >= outstandingRequestsMax;
  }

  /** The client has read what it was sent. */
  drained(): void {
    this.#answers.resume();
  }

  receive(frame: Uint8Array): void {
    this.#host.heard(this.#session);
    const decoded = decodeRequest(frame);
    if (!decoded.ok) {
      this.#refuse(decoded.error);
      return;
    }
    const { xid, request } = decoded.value;
    this.#handle(xid, request);
  }

  /** As ZooKeeper: a body that cannot be read is answered, a header that cannot ends the connection. */
  #refuse({ xid, reason }: MalformedRequest): void {
    this.#host.trace.emit('debug', 'requestRefused', { session: hex(this.#session), reason });
    if (xid === null) this.#connection.end();
    else this.#inTurn(() => this.#reply(xid, { kind: 'error', error: 'marshallingError' }));
  }

  #handle(xid: number, request: ClientRequest): void {
    switch (request.kind) {
      case 'create':
      case 'delete':
      case 'setData':
      case 'setAcl':
      case 'check':
      case 'multi':
        this.#write(xid, request);
        break;
      case 'exists':
      case 'getData':
      case 'getAcl':
      case 'getChildren':
        this.#afterBarrier(() => this.#read(xid, request));
        break;
      default:
        this.#control(xid, request);
    }
  }

  #write(xid: number, request: WriteRequest): void {
    const admitted = admit(request, this.#auth);
    const waiting = this.#answers.await(this.#host.clock.monotonicMs());
    if (!admitted.ok) {
      this.#answers.complete(waiting, () => this.#reply(xid, { kind: 'error', error: admitted.error }));
      return;
    }
    this.#host.forwarder.submit(
      { kind: 'write', session: this.#session, auth: this.#auth, request: admitted.value },
      (applied) => {
        const answer = applied.command?.answer;
        if (answer === undefined || !isWriteAnswer(answer)) return;
        this.#answers.complete(waiting, () => this.#reply(xid, answer, applied.zxid));
      },
    );
  }

  #read(xid: number, request: ReadRequest): void {
    // Its turn may come after the end of the connection: a watch left now would stay forever.
    if (!this.#connection.isOpen) return;
    const answer = this.#host.store.read(request, this.#auth);
    if (request.kind !== 'getAcl' && request.watch)
      this.#watch(request, answer.kind === 'error' ? answer.error : null);
    this.#reply(xid, answer);
  }

  /** A watch is left by a read that succeeded, and by `exists` on an absent znode. */
  #watch(request: Exclude<ReadRequest, { readonly kind: 'getAcl' }>, error: ZkError | null): void {
    const { watches } = this.#host;
    if (request.kind === 'getChildren') {
      if (error === null) watches.addChild(request.path, this.#connection);
    } else if (error === null || (request.kind === 'exists' && error === 'noNode')) {
      watches.addData(request.path, this.#connection);
    }
  }

  #control(xid: number, request: ConnectionRequest): void {
    switch (request.kind) {
      case 'ping':
        // Answered out of turn, as clients expect of xid -2: a pause of the leader must not look like
        // a dead server to a client whose writes are waiting.
        this.#reply(reservedXids.ping, { kind: 'empty' });
        break;
      case 'auth':
        this.#authenticate(xid, request);
        break;
      case 'sync':
        this.#awaitBarrier(() => this.#reply(xid, { kind: 'synced', path: request.path }));
        break;
      case 'closeSession':
        this.#close(xid);
        break;
      case 'setWatches':
        this.#inTurn(() => this.#setWatches(xid, request));
        break;
      case 'unsupported':
        this.#inTurn(() => this.#reply(xid, { kind: 'error', error: 'unimplemented' }));
        break;
      default:
        unreachable(request);
    }
  }

  #authenticate(xid: number, request: { readonly scheme: string; readonly credential: Uint8Array }): void {
    if (request.scheme !== 'digest') {
      this.#reply(xid, { kind: 'error', error: 'authFailed' });
      this.#connection.end();
      return;
    }
    const identity = digestIdentity(request.credential);
    const known = this.#auth.some(({ scheme, id }) => scheme === identity.scheme && id === identity.id);
    if (!known) this.#auth = [...this.#auth, identity];
    this.#reply(xid, { kind: 'empty' });
  }

  #close(xid: number): void {
    this.#closing = true;
    const waiting = this.#answers.await(this.#host.clock.monotonicMs());
    this.#host.forwarder.submit({ kind: 'closeSession', session: this.#session }, (applied) => {
      this.#answers.complete(waiting, () => {
        this.#reply(xid, { kind: 'empty' }, applied.zxid);
        this.#connection.end();
      });
    });
  }

  #setWatches(xid: number, request: Extract<ConnectionRequest, { readonly kind: 'setWatches' }>): void {
    if (!this.#connection.isOpen) return;
    setWatches({ store: this.#host.store, watches: this.#host.watches, watcher: this.#connection, request });
    this.#reply(xid, { kind: 'empty' });
  }

  /** A read sees what was committed before it was asked, or what is applied here, as the ensemble is set. */
  #afterBarrier(answer: () => void): void {
    if (this.#host.reads === 'linearizable') this.#awaitBarrier(answer);
    else this.#inTurn(answer);
  }

  #awaitBarrier(answer: () => void): void {
    const waiting = this.#answers.await(this.#host.clock.monotonicMs());
    this.#host.barriers.wait(() => this.#answers.complete(waiting, answer));
  }

  #inTurn(answer: () => void): void {
    this.#answers.answerInTurn(this.#host.clock.monotonicMs(), answer);
  }

  /**
   * Clients take the zxid of an answer as where the server is. A write answered late, behind a
   * barrier, must not turn that back: the highest zxid told so far stands in for its own.
   */
  #reply(xid: number, answer: ReplyAnswer, zxid: Zxid = this.#host.store.zxid): void {
    if (zxid > this.#zxidTold) this.#zxidTold = zxid;
    this.#connection.send(encodeReply({ xid, zxid: this.#zxidTold, answer }));
  }
}

/** Writes are answered by a `WriteAnswer`; the session commands have answers of their own. */
function isWriteAnswer(answer: AppliedAnswer): answer is WriteAnswer {
  return (
    answer.kind !== 'sessionCreated' &&
    answer.kind !== 'sessionAttached' &&
    answer.kind !== 'sessionClosed' &&
    answer.kind !== 'sessionKept'
  );
}
