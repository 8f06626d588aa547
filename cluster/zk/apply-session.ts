/** Applies the birth, the moves and the end of sessions. */
import type { SessionId, Term } from '../base/ids.ts';
import { removeZnode } from './apply-delete.ts';
import type { CommandBody, Origin } from './command.ts';
import type { WatchEvent } from './records.ts';
import type { SessionTable } from './sessions.ts';
import type { Moment, Tree } from './tree.ts';
import { type Failure, failures } from './write-context.ts';

export interface SessionContext {
  readonly sessions: SessionTable;
  readonly tree: Tree;
  readonly origin: Origin;
  readonly moment: Moment;
  /** Of the entry. */
  readonly term: Term;
  readonly events: WatchEvent[];
}

type EndContext = Pick<SessionContext, 'sessions' | 'tree' | 'moment' | 'events'>;

export type SessionAnswer =
  | {
      readonly kind: 'sessionCreated';
      readonly session: SessionId;
      readonly timeoutMs: number;
      readonly password: Uint8Array;
    }
  | { readonly kind: 'sessionAttached'; readonly session: SessionId; readonly timeoutMs: number }
  | { readonly kind: 'sessionClosed'; readonly session: SessionId }
  /** Its expiry came from a leader that has been replaced. */
  | { readonly kind: 'sessionKept'; readonly session: SessionId };

type Body<Kind extends CommandBody['kind']> = Extract<CommandBody, { readonly kind: Kind }>;

/** A new session, named by the entry that created it. */
export function applyCreateSession(context: SessionContext, body: Body<'createSession'>): SessionAnswer {
  const session = context.moment.zxid as number as SessionId;
  const password = body.password.slice();
  context.sessions.set({ id: session, timeoutMs: body.timeoutMs, password, owner: context.origin });
  return { kind: 'sessionCreated', session, timeoutMs: body.timeoutMs, password };
}

/**
 * A client came back, perhaps to another member, which serves it from here on. To a client without
 * the password the session does not exist (`ZooKeeperServer.reopenSession`).
 */
export function applyAttachSession(
  context: SessionContext,
  body: Body<'attachSession'>,
): SessionAnswer | Failure {
  const known = context.sessions.get(body.session);
  if (known === undefined || !areEqual(known.password, body.password)) return failures.sessionExpired;
  context.sessions.set({ ...known, timeoutMs: body.timeoutMs, owner: context.origin });
  return { kind: 'sessionAttached', session: known.id, timeoutMs: body.timeoutMs };
}

/**
 * Ends a session with its ephemeral znodes, in the order of their paths so that every member tells
 * its watchers alike (`DataTree.killSession`). Closing one that is gone already is fine.
 */
export function applyCloseSession(
  context: EndContext,
  body: Pick<Body<'closeSession'>, 'session'>,
): SessionAnswer {
  const owned = context.tree.ephemeralsOf(body.session).map((znode) => ({ znode, path: znode.path }));
  for (const { znode, path } of owned.sort(byPath)) removeZnode(context, znode, path);
  context.sessions.delete(body.session);
  return { kind: 'sessionClosed', session: body.session };
}

/** Ends every session, the oldest first, and returns them. */
export function endAllSessions(context: EndContext): readonly SessionId[] {
  const ended = [...context.sessions.all()].map(({ id }) => id).sort((one, other) => one - other);
  for (const session of ended) applyCloseSession(context, { session });
  return ended;
}

/** Closes a session that was not heard for its timeout, if the leader that noticed still leads. */
export function applyExpireSession(context: SessionContext, body: Body<'expireSession'>): SessionAnswer {
  const { session, term } = body;
  return context.term === term ? applyCloseSession(context, body) : { kind: 'sessionKept', session };
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
