/**
 * The replicated store: a function of the log (DESIGN.md 5.3). Every member that applied the same
 * entries holds the same znodes, sessions and digest, and gave the same answers.
 */
import { AssertionFailure, assert, unreachable } from '../base/assert.ts';
import { ByteReader, MalformedInput } from '../base/bytes.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, type SessionId, type Zxid, zxidOf } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import { readMembershipRecord } from '../base/membership-codec.ts';
import {
  applyAttachSession,
  applyCloseSession,
  applyCreateSession,
  applyExpireSession,
  endAllSessions,
  type SessionAnswer,
} from './apply-session.ts';
import { applyWrite } from './apply-write.ts';
import type { CommandBody, Origin, StampedCommand } from './command.ts';
import { decodeCommand } from './command-codec.ts';
import { read } from './read.ts';
import type { AuthId, Stat, WatchEvent } from './records.ts';
import type { ReadAnswer, ReadRequest, WriteAnswer } from './requests.ts';
import { isSameOrigin, type SessionRecord } from './sessions.ts';
import { beginStoreImage, type StoreImage } from './store-image.ts';
import { type LoadedState, StoreLoader } from './store-loader.ts';
import { digestOf, foundedState, type StoreState } from './store-state.ts';
import { type Failure, failures } from './write-context.ts';
import { statOf } from './znode.ts';

export type AppliedAnswer = WriteAnswer | SessionAnswer;

/** What applying one entry did. */
export interface Applied {
  readonly zxid: Zxid;
  /** Null for a noop, a membership, and for a command that was not the next of its origin: nothing changed then. */
  readonly command: {
    readonly origin: Origin;
    readonly sequence: number;
    readonly answer: AppliedAnswer;
  } | null;
  /** For the watch table, in order. */
  readonly events: readonly WatchEvent[];
  /** One for the end of a session; all of them for a forced recovery. */
  readonly closedSessions: readonly SessionId[];
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
  /** The newest one applied: the one in force, unless the log holds one that is not applied yet. */
  readonly membership: Membership;
  readonly sessionCount: number;
  readonly znodeCount: number;
  readonly ephemeralCount: number;
  /** Path characters plus data bytes (`zk_approximate_data_size`). */
  readonly dataBytes: number;
  /** 16 hexadecimal digits: equal for equal content, whatever its history. */
  digest(): string;
  /**
   * Begins an image of everything as it is now, to be written bit by bit while the store goes on. One
   * at a time: finish or abandon it first. It survives `install`.
   */
  beginImage(): StoreImage;
  /** Takes an image's bytes in, beside what the store holds. */
  loader(): StoreLoader;
  /** The store becomes what was loaded, at once. Watches are the caller's business. */
  install(loaded: LoadedState): void;
}

export function createStore(): Store {
  return new ReplicatedStore();
}

const noEvents: readonly WatchEvent[] = [];
const noSessions: readonly SessionId[] = [];

class ReplicatedStore implements Store {
  #state: StoreState = foundedState();

  get zxid(): Zxid {
    return this.#state.zxid;
  }

  get appliedIndex(): LogIndex {
    return this.#state.appliedIndex;
  }

  get membership(): Membership {
    return this.#state.membership.current;
  }

  get sessionCount(): number {
    return this.#state.sessions.count;
  }

  get znodeCount(): number {
    return this.#state.tree.count;
  }

  get ephemeralCount(): number {
    return this.#state.tree.ephemeralCount;
  }

  get dataBytes(): number {
    return this.#state.tree.dataBytes;
  }

  apply(entry: Entry): Applied {
    this.#advance(entry);
    switch (entry.kind) {
      case 'noop':
        return this.#nothing();
      case 'membership':
        return this.#applyMembership(entry);
      case 'command':
        return this.#applyCommand(entry);
      default:
        return unreachable(entry.kind);
    }
  }

  read(request: ReadRequest, auth: readonly AuthId[]): ReadAnswer {
    return read(this.#state.tree, request, auth);
  }

  stat(path: string): Stat | null {
    const znode = this.#state.tree.get(path);
    return znode === undefined ? null : statOf(znode);
  }

  lastSequence(origin: Origin): number {
    return this.#state.origins.lastSequence(origin);
  }

  session(id: SessionId): SessionRecord | undefined {
    return this.#state.sessions.get(id);
  }

  sessions(): Iterable<SessionRecord> {
    return this.#state.sessions.all();
  }

  digest(): string {
    return digestOf(this.#state);
  }

  beginImage(): StoreImage {
    return beginStoreImage(this.#state);
  }

  loader(): StoreLoader {
    return new StoreLoader();
  }

  install(loaded: LoadedState): void {
    this.#state = loaded.state;
  }

  /** Every entry has a zxid, noops too: the term's noop is number 0. */
  #advance(entry: Entry): void {
    const state = this.#state;
    assert(entry.index === state.appliedIndex + 1, 'applied out of order', {
      index: entry.index,
      appliedIndex: state.appliedIndex,
    });
    assert(entry.term >= state.term, 'terms go back in the log', { term: entry.term, before: state.term });
    if (entry.term > state.term) {
      state.term = entry.term;
      state.entriesOfTerm = 0;
    }
    state.zxid = zxidOf(entry.term, state.entriesOfTerm);
    state.entriesOfTerm += 1;
    state.appliedIndex = entry.index;
  }

  #nothing(): Applied {
    const { zxid } = this.#state;
    return { zxid, command: null, events: noEvents, closedSessions: noSessions, openedSession: null };
  }

  #applyCommand(entry: Entry): Applied {
    const command = decode(entry, () => decodeCommand(entry.payload));
    const origin = this.#state.origins.accept(command.origin, command.sequence);
    if (origin === null) return this.#nothing();
    const events: WatchEvent[] = [];
    const answer = this.#applyBody(command, origin, events);
    return {
      zxid: this.#state.zxid,
      command: { origin, sequence: command.sequence, answer },
      events: events.length === 0 ? noEvents : events,
      closedSessions: answer.kind === 'sessionClosed' ? [answer.session] : noSessions,
      openedSession:
        answer.kind === 'sessionCreated' || answer.kind === 'sessionAttached' ? answer.session : null,
    };
  }

  /** After a forced recovery no session can be trusted to have seen what survived: all of them end. */
  #applyMembership(entry: Entry): Applied {
    const record = decode(entry, () => readMembershipRecord(new ByteReader(entry.payload)));
    const { tree, sessions, membership, zxid } = this.#state;
    membership.replace(record.membership);
    if (record.cause !== 'recovered') return this.#nothing();
    const events: WatchEvent[] = [];
    const closedSessions = endAllSessions({ tree, sessions, moment: { zxid, timeMs: 0 }, events });
    return { ...this.#nothing(), events, closedSessions };
  }

  #applyBody(command: StampedCommand, origin: Origin, events: WatchEvent[]): AppliedAnswer {
    const { body } = command;
    const moment = { zxid: this.#state.zxid, timeMs: command.timeMs };
    const context = {
      tree: this.#state.tree,
      sessions: this.#state.sessions,
      origin,
      moment,
      term: this.#state.term,
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
          { tree: this.#state.tree, session: body.session, auth: body.auth, moment, events },
          body.request,
        );
      }
      default:
        return unreachable(body);
    }
  }

  /** `SessionTracker.checkSession`. */
  #checkSession(body: Extract<CommandBody, { readonly kind: 'write' }>, origin: Origin): Failure | null {
    const session = this.#state.sessions.get(body.session);
    if (session === undefined) return failures.sessionExpired;
    return isSameOrigin(session.owner, origin) ? null : failures.sessionMoved;
  }
}

/** Damage cannot be an outcome: members that read different bytes would part ways in silence. */
function decode<Decoded>(entry: Entry, read: () => Decoded): Decoded {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    throw new AssertionFailure(`a committed ${entry.kind} is damaged`, {
      index: entry.index,
      reason: error.message,
    });
  }
}
