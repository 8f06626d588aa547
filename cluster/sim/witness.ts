/**
 * What one client saw, answer by answer: it hands each to the checkers of the promises that concern it.
 */
import { type SessionId, sessionId, type Zxid } from '../base/ids.ts';
import { decodeUtf8 } from '../base/utf8.ts';
import type { Value } from '../check/history.ts';
import { SessionOrder } from '../check/session-order.ts';
import { Violation } from '../check/violation.ts';
import { SessionWatches } from '../check/watches.ts';
import type { ZkError } from '../zk/errors.ts';
import type { Stat, WatchEvent } from '../zk/records.ts';
import type { ClientRequest } from '../zk/requests.ts';
import type { ReplyAnswer } from '../zk/wire/reply.ts';
import type { OpenOperation } from './history-recorder.ts';
import type { Judges } from './judges.ts';
import type { Aim, Work } from './workload.ts';

/** A request under way. */
export interface Asked {
  readonly request: ClientRequest;
  readonly aim: Aim;
  readonly ordinal: number;
  /** What was known of the log when it was sent (`RealTimeOrder`). */
  readonly begun: number;
  readonly operation: OpenOperation | null;
}

export type Outcome =
  | { readonly kind: 'answer'; readonly answer: ReplyAnswer }
  | { readonly kind: 'error'; readonly error: ZkError };

/** Errors that the workload itself provokes. */
const expectedErrors: ReadonlySet<ZkError> = new Set(['nodeExists', 'noNode', 'badVersion']);
/** The session moved or ended while the request was under way: it was not carried out. */
const sessionErrors: ReadonlySet<ZkError> = new Set(['sessionExpired', 'sessionMoved']);

export class Witness {
  readonly watches: SessionWatches;
  readonly #name: string;
  readonly #judges: Judges;
  #order: SessionOrder;
  #session: SessionId = sessionId(0);

  constructor(name: string, judges: Judges) {
    this.#name = name;
    this.#judges = judges;
    this.#order = new SessionOrder(name);
    this.watches = new SessionWatches(name, (table, path, after) =>
      judges.reference.firstChange(table, path, after),
    );
  }

  /** Highest zxid seen: what the client tells the next server. */
  get zxid(): number {
    return this.#order.zxid;
  }

  connected(session: SessionId): void {
    this.#session = session;
  }

  reconnected(): void {
    this.#order.reconnected();
  }

  /** The client was told that its session is over. It starts anew, with nothing seen. */
  sessionEnded(): void {
    if (this.#session !== 0) this.#judges.ephemerals.ended(this.#session);
    this.#session = sessionId(0);
    this.#order = new SessionOrder(this.#name);
    this.watches.ended();
  }

  /** A group of requests that belong together is about to be sent. */
  ask(group: readonly Work[], nextOrdinal: () => number): readonly Asked[] {
    const begun = this.#judges.order.begin();
    return group.map(({ request, aim }) => {
      if (aim.kind === 'append') {
        for (const serial of aim.serials) this.#judges.writes.tried(serial);
        if (aim.serials.length > 1) this.#judges.multis.tried(aim.serials);
      }
      return { request, aim, ordinal: nextOrdinal(), begun, operation: this.#invoke({ request, aim }) };
    });
  }

  /** Nobody will ever tell what became of it. */
  lost({ operation }: Asked): void {
    if (operation !== null) this.#judges.history.unknown(operation);
  }

  told({ kind, path }: WatchEvent): void {
    this.watches.told(kind, path);
  }

  /** An answer that belongs to no request of the workload, such as that to `setWatches`. */
  saw(zxid: Zxid): void {
    this.#judges.committed.told(this.#name, { zxid, committed: this.#judges.zxid });
    this.#judges.order.told(zxid);
  }

  /** The answer to `asked`, which is the oldest request under way. */
  answered(asked: Asked, zxid: Zxid, outcome: Outcome): void {
    this.#order.answered(asked.ordinal, zxid);
    this.saw(zxid);
    this.watches.answered(zxid);
    if (outcome.kind === 'error') this.#refused(asked, zxid, outcome.error);
    else this.#succeeded(asked, zxid, outcome.answer);
  }

  #invoke({ request, aim }: Work): OpenOperation | null {
    if (!('path' in request)) return null;
    if (aim.kind === 'register')
      return this.#judges.history.invoke(this.#name, { f: aim.f, key: request.path, value: aim.value });
    if (aim.kind === 'fresh')
      return this.#judges.history.invoke(this.#name, { f: aim.f, key: request.path, value: null });
    return null;
  }

  #refused(asked: Asked, zxid: Zxid, error: ZkError): void {
    const { aim, operation, request } = asked;
    if (aim.kind === 'append') for (const serial of aim.serials) this.#judges.writes.refused(serial);
    if (sessionErrors.has(error)) {
      if (operation !== null) this.#judges.history.failed(operation);
      return;
    }
    if (!expectedErrors.has(error)) {
      throw new Violation('workload', `${this.#name}: ${request.kind} answered ${error}`);
    }
    if (operation !== null) this.#observed(operation, request, error);
    if (error === 'noNode' && (request.kind === 'getData' || request.kind === 'exists')) {
      this.#showed(asked, request.path, zxid, null);
      if (request.kind === 'exists' && request.watch)
        this.watches.left({ table: 'data', path: request.path, onAbsent: true, zxid });
    }
  }

  #observed(operation: OpenOperation, { kind }: Asked['request'], error: ZkError): void {
    const { history } = this.#judges;
    // Without its parent nothing was created, and nothing was learned of the znode itself.
    if (kind === 'create' && error === 'noNode') history.failed(operation);
    else history.ok(operation, kind === 'exists' && error === 'noNode' ? null : { error });
  }

  #succeeded(asked: Asked, zxid: Zxid, answer: ReplyAnswer): void {
    const { aim, operation, request } = asked;
    if (aim.kind === 'append') this.#appended(asked, answer);
    if (operation !== null) this.#judges.history.ok(operation, observed(answer));
    if (answer.kind === 'stat' && request.kind === 'setData') this.#wrote(asked, request.path, answer.stat);
    if (answer.kind === 'created' && answer.stat !== null) this.#wrote(asked, answer.path, answer.stat);
    if (answer.kind === 'created' && aim.kind === 'ephemeral' && this.#session !== 0)
      this.#judges.ephemerals.created(answer.path, this.#session);
    this.#read(asked, zxid, answer);
  }

  #appended({ aim }: Asked, answer: ReplyAnswer): void {
    if (aim.kind !== 'append') return;
    const failed = answer.kind === 'multi' && answer.parts.some((part) => part.kind !== 'created');
    for (const serial of aim.serials) {
      if (failed) this.#judges.writes.refused(serial);
      else this.#judges.writes.acknowledged(serial);
    }
  }

  /** The answer to a write that shows where in the log it stands. */
  #wrote({ begun }: Asked, path: string, { mzxid, version }: Stat): void {
    this.#judges.order.wrote(this.#name, { zxid: mzxid, begun });
    const stood = this.#judges.reference.stateAt(path, mzxid);
    this.#judges.committed.showed(this.#name, { path, zxid: mzxid, shown: { data: null, version }, stood });
  }

  #read(asked: Asked, zxid: Zxid, answer: ReplyAnswer): void {
    const { request } = asked;
    switch (request.kind) {
      case 'getData':
        if (answer.kind !== 'data') return;
        this.#showed(asked, request.path, zxid, {
          data: decodeUtf8(answer.data),
          version: answer.stat.version,
        });
        if (request.watch) this.watches.left({ table: 'data', path: request.path, onAbsent: false, zxid });
        return;
      case 'exists':
        if (answer.kind !== 'stat') return;
        this.#showed(asked, request.path, zxid, { data: null, version: answer.stat.version });
        if (request.watch) this.watches.left({ table: 'data', path: request.path, onAbsent: false, zxid });
        return;
      case 'getChildren':
        if (request.watch) this.watches.left({ table: 'child', path: request.path, onAbsent: false, zxid });
        return;
      default:
        return;
    }
  }

  #showed(
    { aim, begun }: Asked,
    path: string,
    zxid: Zxid,
    shown: { readonly data: string | null; readonly version: number } | null,
  ): void {
    const stood = this.#judges.reference.stateAt(path, zxid);
    this.#judges.committed.showed(this.#name, { path, zxid, shown, stood });
    if (aim.kind === 'fresh' || this.#judges.readsAreFresh)
      this.#judges.order.readBehindSync(this.#name, { zxid, begun });
  }
}

/** What the history's model calls this answer. */
function observed(answer: ReplyAnswer): Value {
  switch (answer.kind) {
    case 'stat':
      return { version: answer.stat.version };
    case 'data':
      return { data: decodeUtf8(answer.data), version: answer.stat.version };
    default:
      return {};
  }
}
