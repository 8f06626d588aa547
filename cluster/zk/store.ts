/**
 * The replicated store: a function of the log (DESIGN.md 5.3). Every member that applied the same
 * entries holds the same znodes, sessions and digest, and gave the same answers.
 */
import { AssertionFailure, assert, unreachable } from '../base/assert.ts';
import { MalformedInput } from '../base/bytes.ts';
import type { Entry } from '../base/entry.ts';
import {
  type LogIndex,
  logIndex,
  type SessionId,
  type Term,
  term,
  type Zxid,
  zxid,
  zxidOf,
} from '../base/ids.ts';
import {
  applyAttachSession,
  applyCloseSession,
  applyCreateSession,
  applyExpireSession,
  type SessionAnswer,
} from './apply-session.ts';
import { applyWrite } from './apply-write.ts';
import type { CommandBody, Origin, StampedCommand } from './command.ts';
import { decodeCommand } from './command-codec.ts';
import { DigestSum } from './digest.ts';
import { OriginTable } from './origins.ts';
import { read } from './read.ts';
import type { AuthId, Stat, WatchEvent } from './records.ts';
import type { ReadAnswer, ReadRequest, WriteAnswer } from './requests.ts';
import { isSameOrigin, type SessionRecord, SessionTable } from './sessions.ts';
import { Tree } from './tree.ts';
import { type Failure, failures } from './write-context.ts';
import { statOf } from './znode.ts';

export type AppliedAnswer = WriteAnswer | SessionAnswer;

/** What applying one entry did. */
export interface Applied {
  readonly zxid: Zxid;
  /** Null for a noop, and for a command that was not the next of its origin: nothing changed then. */
  readonly command: {
    readonly origin: Origin;
    readonly sequence: number;
    readonly answer: AppliedAnswer;
  } | null;
  /** For the watch table, in order. */
  readonly events: readonly WatchEvent[];
  readonly closedSession: SessionId | null;
  /** Created, or attached to this origin. */
  readonly openedSession: SessionId | null;
}

export interface Store {
  /** Applies the next entry. Total: every well-formed entry has an outcome. */
  apply(entry: Entry): Applied;
  /** Of the last applied entry; 0 before the first. */
  readonly zxid: Zxid;
  readonly appliedIndex: LogIndex;
  /** Answers from what is applied here. Registering the watch is the caller's business. */
  read(request: ReadRequest, auth: readonly AuthId[]): ReadAnswer;
  /** The Stat of a znode whatever its ACL: for the watches of a client that comes back. */
  stat(path: string): Stat | null;
  /** The last number applied of exactly this life; 0 when none. */
  lastSequence(origin: Origin): number;
  session(id: SessionId): SessionRecord | undefined;
  sessions(): Iterable<SessionRecord>;
  readonly sessionCount: number;
  readonly znodeCount: number;
  readonly ephemeralCount: number;
  /** Path characters plus data bytes (`zk_approximate_data_size`). */
  readonly dataBytes: number;
  /** 16 hexadecimal digits: equal for equal content, whatever its history. */
  digest(): string;
}

export function createStore(): Store {
  return new ReplicatedStore();
}

const noEvents: readonly WatchEvent[] = [];

class ReplicatedStore implements Store {
  readonly #tree = new Tree();
  readonly #sessions = new SessionTable();
  readonly #origins = new OriginTable();
  #term: Term = term(0);
  /** Entries of this term applied so far. */
  #entriesOfTerm = 0;
  #zxid: Zxid = zxid(0);
  #appliedIndex: LogIndex = logIndex(0);

  get zxid(): Zxid {
    return this.#zxid;
  }

  get appliedIndex(): LogIndex {
    return this.#appliedIndex;
  }

  get sessionCount(): number {
    return this.#sessions.count;
  }

  get znodeCount(): number {
    return this.#tree.count;
  }

  get ephemeralCount(): number {
    return this.#tree.ephemeralCount;
  }

  get dataBytes(): number {
    return this.#tree.dataBytes;
  }

  apply(entry: Entry): Applied {
    this.#advance(entry);
    if (entry.kind === 'noop') return this.#nothing();
    const command = decode(entry);
    const origin = this.#origins.accept(command.origin, command.sequence);
    if (origin === null) return this.#nothing();
    const events: WatchEvent[] = [];
    const answer = this.#applyBody(command, origin, events);
    return {
      zxid: this.#zxid,
      command: { origin, sequence: command.sequence, answer },
      events: events.length === 0 ? noEvents : events,
      closedSession: answer.kind === 'sessionClosed' ? answer.session : null,
      openedSession:
        answer.kind === 'sessionCreated' || answer.kind === 'sessionAttached' ? answer.session : null,
    };
  }

  read(request: ReadRequest, auth: readonly AuthId[]): ReadAnswer {
    return read(this.#tree, request, auth);
  }

  stat(path: string): Stat | null {
    const znode = this.#tree.get(path);
    return znode === undefined ? null : statOf(znode);
  }

  lastSequence(origin: Origin): number {
    return this.#origins.lastSequence(origin);
  }

  session(id: SessionId): SessionRecord | undefined {
    return this.#sessions.get(id);
  }

  sessions(): Iterable<SessionRecord> {
    return this.#sessions.all();
  }

  digest(): string {
    return DigestSum.hex([this.#tree.digest, this.#sessions.digest, this.#origins.digest()]);
  }

  /** Every entry has a zxid, noops too: the term's noop is number 0. */
  #advance(entry: Entry): void {
    assert(entry.index === this.#appliedIndex + 1, 'applied out of order', {
      index: entry.index,
      appliedIndex: this.#appliedIndex,
    });
    assert(entry.term >= this.#term, 'terms go back in the log', { term: entry.term, before: this.#term });
    if (entry.term > this.#term) {
      this.#term = entry.term;
      this.#entriesOfTerm = 0;
    }
    this.#zxid = zxidOf(entry.term, this.#entriesOfTerm);
    this.#entriesOfTerm += 1;
    this.#appliedIndex = entry.index;
  }

  #nothing(): Applied {
    return { zxid: this.#zxid, command: null, events: noEvents, closedSession: null, openedSession: null };
  }

  #applyBody(command: StampedCommand, origin: Origin, events: WatchEvent[]): AppliedAnswer {
    const { body } = command;
    const moment = { zxid: this.#zxid, timeMs: command.timeMs };
    const context = {
      tree: this.#tree,
      sessions: this.#sessions,
      origin,
      moment,
      term: this.#term,
      events,
    };
    switch (body.kind) {
      case 'createSession':
        return applyCreateSession(context, body);
      case 'attachSession':
        return applyAttachSession(context, body);
      case 'closeSession':
        return applyCloseSession(context, body);
      case 'expireSession':
        return applyExpireSession(context, body);
      case 'write': {
        const refused = this.#checkSession(body, origin);
        if (refused !== null) return refused;
        return applyWrite(
          { tree: this.#tree, session: body.session, auth: body.auth, moment, events },
          body.request,
        );
      }
      default:
        return unreachable(body);
    }
  }

  /** `SessionTracker.checkSession`. */
  #checkSession(body: Extract<CommandBody, { readonly kind: 'write' }>, origin: Origin): Failure | null {
    const session = this.#sessions.get(body.session);
    if (session === undefined) return failures.sessionExpired;
    return isSameOrigin(session.owner, origin) ? null : failures.sessionMoved;
  }
}

/** Damage cannot be an outcome: members that read different bytes would part ways in silence. */
function decode(entry: Entry): StampedCommand {
  try {
    return decodeCommand(entry.payload);
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    throw new AssertionFailure('a committed command is damaged', {
      index: entry.index,
      reason: error.message,
    });
  }
}
