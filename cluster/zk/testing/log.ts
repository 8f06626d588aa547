/** A log for tests: encodes commands as an origin and a leader would, and applies them. */

import type { Entry } from '../../base/entry.ts';
import { incarnation, logIndex, memberId, type SessionId, type Term, term } from '../../base/ids.ts';
import type { MembershipRecord } from '../../base/membership.ts';
import { encodeMembershipRecord } from '../../base/membership-codec.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import { openAcl } from '../acl.ts';
import type { CommandBody, Origin } from '../command.ts';
import { encodeCommand, stampCommand } from '../command-codec.ts';
import type { Acl, AuthId, CreateMode, Stat } from '../records.ts';
import type { TreeWrite, WriteRequest } from '../requests.ts';
import { type Applied, type AppliedAnswer, createStore, type Store } from '../store.ts';

export const originOne: Origin = { member: memberId(1), incarnation: incarnation(0xabcd_ef01_2345), life: 1 };
export const originTwo: Origin = { member: memberId(2), incarnation: incarnation(77), life: 1 };

const noBytes = new Uint8Array(0);

/** A store with its log. Time is the index of the entry. */
export class TestLog {
  readonly store: Store = createStore();
  readonly entries: Entry[] = [];
  readonly #sequences = new Map<Origin, number>();
  #term: Term = term(1);

  newTerm(): Applied {
    this.#term = term(this.#term + 1);
    return this.#append('noop', noBytes);
  }

  membership(record: MembershipRecord): Applied {
    return this.#append('membership', encodeMembershipRecord(record));
  }

  /** Appends and applies the next command of an origin. */
  command(body: CommandBody, origin: Origin = originOne): Applied {
    const sequence = (this.#sequences.get(origin) ?? 0) + 1;
    this.#sequences.set(origin, sequence);
    return this.numbered(body, { origin, sequence });
  }

  /** Appends and applies a command under any number. */
  numbered(body: CommandBody, stream: { readonly origin: Origin; readonly sequence: number }): Applied {
    return this.#append('command', stampCommand(this.entries.length + 1, encodeCommand({ ...stream, body })));
  }

  openSession(origin: Origin = originOne): SessionId {
    const body = { kind: 'createSession', timeoutMs: 10_000, password: encodeUtf8('sesame') } as const;
    const session = this.command(body, origin).openedSession;
    if (session === null) throw new Error('no session was opened');
    return session;
  }

  write(session: SessionId, request: WriteRequest, auth: readonly AuthId[] = []): AppliedAnswer {
    return answerOf(this.command({ kind: 'write', session, auth, request }));
  }

  /** Appends a command that changes nothing but the zxid. */
  skip(): Applied {
    const body = { kind: 'createSession', timeoutMs: 0, password: noBytes } as const;
    return this.numbered(body, { origin: originOne, sequence: 0 });
  }

  #append(kind: Entry['kind'], payload: Uint8Array): Applied {
    const entry = { index: logIndex(this.entries.length + 1), term: this.#term, kind, payload };
    this.entries.push(entry);
    return this.store.apply(entry);
  }
}

/** A log with one session, to which these writes were applied. */
export function logWith(...writes: readonly TreeWrite[]): {
  readonly log: TestLog;
  readonly session: SessionId;
} {
  const log = new TestLog();
  const session = log.openSession();
  for (const write of writes) {
    const answer = log.write(session, write);
    if (answer.kind === 'error') throw new Error(`${write.kind} ${write.path}: ${answer.error}`);
  }
  return { log, session };
}

export function statAt(log: TestLog, path: string): Stat {
  const stat = log.store.stat(path);
  if (stat === null) throw new Error(`no ${path}`);
  return stat;
}

/** Everything that can be read, from a path down. */
export function dump(store: Store, path = '/'): readonly unknown[] {
  const superuser = [{ scheme: 'super', id: '' }];
  const data = store.read({ kind: 'getData', path, watch: false }, superuser);
  const acl = store.read({ kind: 'getAcl', path }, superuser);
  const children = store.read({ kind: 'getChildren', path, watch: false, withStat: false }, superuser);
  const names = children.kind === 'children' ? [...children.names].sort() : [];
  const below = path === '/' ? path : `${path}/`;
  return [path, data, acl, ...names.flatMap((name) => dump(store, below + name))];
}

export function answerOf(applied: Applied): AppliedAnswer {
  if (applied.command === null) throw new Error('the command was skipped');
  return applied.command.answer;
}

export function create(
  path: string,
  options: { readonly data?: string; readonly mode?: CreateMode; readonly acl?: readonly Acl[] } = {},
): TreeWrite {
  const data = encodeUtf8(options.data ?? '');
  const { mode = 'persistent', acl = openAcl } = options;
  return { kind: 'create', wantsStat: false, path, data, acl, mode };
}

export function remove(path: string, version = -1): TreeWrite {
  return { kind: 'delete', path, version };
}

export function setData(path: string, data: string, version = -1): TreeWrite {
  return { kind: 'setData', path, data: encodeUtf8(data), version };
}

export function failure(error: string): { readonly kind: 'error'; readonly error: string } {
  return { kind: 'error', error };
}

export function setAcl(path: string, acl: readonly Acl[] = openAcl, version = -1): TreeWrite {
  return { kind: 'setAcl', path, acl, version };
}

export function check(path: string, version: number): TreeWrite {
  return { kind: 'check', path, version };
}
