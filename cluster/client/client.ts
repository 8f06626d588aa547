/**
 * A ZooKeeper client: promises of `Result`s, one-shot watches as callbacks, one session across
 * reconnects. Works with Muster and with Apache's servers. See `failure.ts` for what failures say.
 */
import { assert } from '../base/assert.ts';
import type { SessionId } from '../base/ids.ts';
import { clientFrameBytesMax, zkClientWaitingMax } from '../base/limits.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Stop } from '../base/scope.ts';
import type { Acl, CreateMode, Stat } from '../zk/records.ts';
import type { ClientRequest, MultiPartAnswer, TreeWrite } from '../zk/requests.ts';
import type { ReplyAnswer } from '../zk/wire/reply.ts';
import { refusal, type ZkFailure } from './failure.ts';
import { parseServers } from './servers.ts';
import { type ClientState, Session } from './session.ts';
import type { Watcher } from './watches.ts';

export type Outcome<Value> = Promise<Result<Value, ZkFailure>>;

export interface ZkClientOptions {
  /** `host:port,host:port`; must satisfy `parseServers`. */
  readonly servers: string;
  readonly sessionTimeoutMs?: number;
  /** How long a request may take, from the call to its answer, reconnects included. */
  readonly requestTimeoutMs?: number;
  /** How long one server may take to accept the session before the next is tried. */
  readonly connectTimeoutMs?: number;
  /** Longest pause between attempts while no server answers. */
  readonly retryDelayMaxMs?: number;
  /**
   * Whether a client whose session has expired ends (as Apache's) or opens a new one, to which requests
   * not sent yet go. Watches and ephemeral znodes are gone either way.
   */
  readonly onExpiry?: 'stop' | 'renew';
}

export interface CreateInput {
  readonly path: string;
  readonly data?: Uint8Array;
  readonly mode?: CreateMode;
  /** Open to everyone unless given. */
  readonly acl?: readonly Acl[];
}

const defaultSessionTimeoutMs = 10_000;
const defaultRequestTimeoutMs = 10_000;
const connectTimeoutMinMs = 250;
const defaultRetryDelayMaxMs = 1_000;
const noData = new Uint8Array(0);

/** `ZooDefs.Ids.OPEN_ACL_UNSAFE`: everything to everyone. */
export const openAcl: readonly Acl[] = [{ permissions: 31, scheme: 'world', id: 'anyone' }];

/** A part of a multi that creates a znode. */
export function createPart(input: CreateInput): TreeWrite {
  const { path, data = noData, mode = 'persistent', acl = openAcl } = input;
  return { kind: 'create', wantsStat: false, path, data, mode, acl };
}

/** Starts a client; it connects by itself and stays so until `close`. */
export function createZkClient(options: ZkClientOptions): ZkClient {
  const servers = parseServers(options.servers);
  assert(servers.ok, 'not a server list', { servers: options.servers });
  const { sessionTimeoutMs = defaultSessionTimeoutMs, onExpiry = 'stop' } = options;
  const { requestTimeoutMs = defaultRequestTimeoutMs, retryDelayMaxMs = defaultRetryDelayMaxMs } = options;
  const share = (sessionTimeoutMs * 2) / 3 / servers.value.length;
  const { connectTimeoutMs = Math.max(connectTimeoutMinMs, share) } = options;
  const session = new Session({
    servers: servers.value,
    sessionTimeoutMs,
    connectTimeoutMs,
    retryDelayMaxMs,
    onExpiry,
  });
  session.start();
  return new ZkClient(session, requestTimeoutMs);
}

/** Made by `createZkClient`. Version -1, the default, matches any version. */
export class ZkClient {
  readonly #session: Session;
  readonly #requestTimeoutMs: number;

  constructor(session: Session, requestTimeoutMs: number) {
    this.#session = session;
    this.#requestTimeoutMs = requestTimeoutMs;
  }

  get state(): ClientState {
    return this.#session.state;
  }

  /** 0 before the first connection; not exact for the sessions of Apache's servers, which are beyond 2⁵³. */
  get sessionId(): SessionId {
    return this.#session.id;
  }

  /** As the server granted it. */
  get sessionTimeoutMs(): number {
    return this.#session.timeoutMs;
  }

  /** The servers from now on, as a list: for an ensemble whose members change. The present connection is kept. */
  setServers(text: string): void {
    const servers = parseServers(text);
    assert(servers.ok, 'not a server list', { servers: text });
    this.#session.setServers(servers.value);
  }

  /** Calls back after each change of `state.kind`. */
  onState(listener: (state: ClientState) => void): Stop {
    return this.#session.onState(listener);
  }

  /** Creates a znode; gives its path, with its number when sequential. */
  create(input: CreateInput): Outcome<string> {
    return this.#ask(createPart(input), (answer) => expectKind(answer, 'created').path);
  }

  /** As `create`, with the Stat of the new znode (`create2`). */
  createWithStat(input: CreateInput): Outcome<{ readonly path: string; readonly stat: Stat }> {
    const { path, data = noData, mode = 'persistent', acl = openAcl } = input;
    const request = { kind: 'create', wantsStat: true, path, data, mode, acl } as const;
    return this.#ask(request, (answer) => {
      const created = expectKind(answer, 'created');
      assert(created.stat !== null, 'create2 is answered with a Stat');
      return { path: created.path, stat: created.stat };
    });
  }

  delete(input: { readonly path: string; readonly version?: number }): Outcome<null> {
    const { path, version = -1 } = input;
    return this.#ask({ kind: 'delete', path, version }, () => null);
  }

  /** The Stat, or null when there is no such znode. A watcher is told of its creation, change or deletion. */
  async exists(path: string, watcher: Watcher | null = null): Outcome<Stat | null> {
    const request = { kind: 'exists', path, watch: watcher !== null } as const;
    const outcome = await this.#ask(request, (answer) => expectKind(answer, 'stat').stat, watcher);
    return !outcome.ok && outcome.error.code === 'noNode' ? ok(null) : outcome;
  }

  getData(
    path: string,
    watcher: Watcher | null = null,
  ): Outcome<{ readonly data: Uint8Array; readonly stat: Stat }> {
    return this.#ask(
      { kind: 'getData', path, watch: watcher !== null },
      (answer) => {
        const { data, stat } = expectKind(answer, 'data');
        // A copy: the answer is a view on everything that the socket read at once.
        return { data: data.slice(), stat };
      },
      watcher,
    );
  }

  setData(input: {
    readonly path: string;
    readonly data: Uint8Array;
    readonly version?: number;
  }): Outcome<Stat> {
    const { path, data, version = -1 } = input;
    return this.#ask({ kind: 'setData', path, data, version }, (answer) => expectKind(answer, 'stat').stat);
  }

  getAcl(path: string): Outcome<{ readonly acl: readonly Acl[]; readonly stat: Stat }> {
    return this.#ask({ kind: 'getAcl', path }, (answer) => {
      const { acl, stat } = expectKind(answer, 'acl');
      return { acl, stat };
    });
  }

  /** `version` is the ACL's own, `Stat.aversion`. */
  setAcl(input: {
    readonly path: string;
    readonly acl: readonly Acl[];
    readonly version?: number;
  }): Outcome<Stat> {
    const { path, acl, version = -1 } = input;
    return this.#ask({ kind: 'setAcl', path, acl, version }, (answer) => expectKind(answer, 'stat').stat);
  }

  /** Names of the children, in no order. A watcher is told when one comes or goes. */
  getChildren(path: string, watcher: Watcher | null = null): Outcome<readonly string[]> {
    const request = { kind: 'getChildren', path, watch: watcher !== null, withStat: false } as const;
    return this.#ask(request, (answer) => expectKind(answer, 'children').names, watcher);
  }

  getChildrenWithStat(
    path: string,
    watcher: Watcher | null = null,
  ): Outcome<{ readonly names: readonly string[]; readonly stat: Stat }> {
    const request = { kind: 'getChildren', path, watch: watcher !== null, withStat: true } as const;
    const pick = (answer: ReplyAnswer): { readonly names: readonly string[]; readonly stat: Stat } => {
      const { names, stat } = expectKind(answer, 'children');
      assert(stat !== null, 'getChildren2 is answered with a Stat');
      return { names, stat };
    };
    return this.#ask(request, pick, watcher);
  }

  /** Brings the server up to date with the leader: a read after it sees every earlier write. */
  sync(path: string): Outcome<null> {
    return this.#ask({ kind: 'sync', path }, () => null);
  }

  /** All parts or none. A failure names the first part that failed (`ZkFailure.part`). */
  async multi(parts: readonly TreeWrite[]): Outcome<readonly MultiPartAnswer[]> {
    const request = { kind: 'multi', parts } as const;
    const outcome = await this.#ask(request, (answer) => expectKind(answer, 'multi').parts);
    if (!outcome.ok) return outcome;
    for (const [index, part] of outcome.value.entries()) {
      if (part.kind === 'error') return fail(refusal(request, part.error, index));
    }
    return outcome;
  }

  /** Proves an identity, such as `digest` with `user:password`, here and after every reconnect. */
  addAuth(input: { readonly scheme: string; readonly credential: Uint8Array }): Outcome<null> {
    return this.#ask({ kind: 'auth', ...input }, () => null);
  }

  /** Ends the session: its ephemeral znodes go. Waits for what was asked before, within the request timeout. */
  close(): Promise<void> {
    return this.#session.close(performance.now() + this.#requestTimeoutMs);
  }

  #ask<Value>(
    request: ClientRequest,
    pick: (answer: ReplyAnswer) => Value,
    watcher: Watcher | null = null,
  ): Outcome<Value> {
    return new Promise((resolve) => {
      const refused = this.#refusalOf(request);
      if (refused !== null) {
        resolve(fail(refused));
        return;
      }
      this.#session.submit({
        request,
        watcher,
        deadlineMs: performance.now() + this.#requestTimeoutMs,
        xid: 0,
        done: (outcome) => resolve(outcome.ok ? ok(pick(outcome.value)) : outcome),
      });
    });
  }

  /** What need not be sent because it cannot succeed. */
  #refusalOf(request: ClientRequest): ZkFailure | null {
    const { over, waiting } = this.#session;
    if (over !== null) return refusal(request, over);
    if (waiting >= zkClientWaitingMax) return refusal(request, 'tooManyRequests');
    return dataBytes(request) > clientFrameBytesMax ? refusal(request, 'requestTooLarge') : null;
  }
}

/** Data bytes in a request: nothing else of it is large. */
function dataBytes(request: ClientRequest): number {
  if (request.kind === 'multi') return request.parts.reduce((total, part) => total + dataBytes(part), 0);
  return request.kind === 'create' || request.kind === 'setData' ? request.data.length : 0;
}

/** The kind follows from the request: another one is a defect of the decoder. */
function expectKind<Kind extends ReplyAnswer['kind']>(
  answer: ReplyAnswer,
  kind: Kind,
): Extract<ReplyAnswer, { readonly kind: Kind }> {
  assert(answer.kind === kind, 'an answer of another kind', { expected: kind, got: answer.kind });
  return answer as Extract<ReplyAnswer, { readonly kind: Kind }>;
}
