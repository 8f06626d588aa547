/** The client connections of one member, by session, with their watches. */
import type { SessionId } from '../../base/ids.ts';
import type { ClientHandler, ClientLink } from '../../ports/client-link.ts';
import type { ClientFacts } from '../../zk/four-letter.ts';
import type { WatchEvent } from '../../zk/records.ts';
import { createWatchTable, type WatchTable } from '../../zk/watch-table.ts';
import { ClientConnection } from './client-connection.ts';
import type { ConnectionHost, SessionConnection, Watcher } from './connection-host.ts';

export class Clients {
  readonly watches: WatchTable<Watcher> = createWatchTable<Watcher>();
  readonly #connections = new Set<SessionConnection>();
  readonly #bySession = new Map<SessionId, SessionConnection>();
  #heard = new Set<SessionId>();

  get count(): number {
    return this.#connections.size;
  }

  facts(): readonly ClientFacts[] {
    return [...this.#connections].map((connection) => connection.facts());
  }

  accept(link: ClientLink, host: ConnectionHost): ClientHandler {
    const connection = new ClientConnection(link, host);
    this.#connections.add(connection);
    return connection;
  }

  /** A session has one connection: the newest. */
  joined(session: SessionId, connection: SessionConnection): void {
    const previous = this.#bySession.get(session);
    this.#bySession.set(session, connection);
    if (previous !== undefined && previous !== connection) previous.end();
  }

  left(connection: SessionConnection): void {
    this.#connections.delete(connection);
    this.watches.removeAll(connection);
    if (this.#bySession.get(connection.session) === connection) this.#bySession.delete(connection.session);
  }

  heard(session: SessionId): void {
    this.#heard.add(session);
  }

  /** Sessions heard since the last call, or waiting here to be taken up again. */
  takeHeard(): readonly SessionId[] {
    const heard = this.#heard;
    for (const { returningTo } of this.#connections) if (returningTo !== 0) heard.add(returningTo);
    if (heard.size === 0) return [];
    this.#heard = new Set();
    return [...heard];
  }

  fire(events: readonly WatchEvent[]): void {
    for (const event of events) for (const watcher of this.watches.fire(event)) watcher.notify(event);
  }

  /** Ends the connection of a session that was closed, expired, or moved to another member. */
  sessionGone(session: SessionId): void {
    this.#bySession.get(session)?.sessionGone();
  }

  /** Forwarded commands were applied: clients that waited for room go on. */
  resume(): void {
    for (const connection of this.#connections) connection.resume();
  }

  endAll(): void {
    for (const connection of this.#connections) connection.end();
  }

  endOverdue(nowMs: number): void {
    for (const connection of this.#connections) if (connection.overdue(nowMs)) connection.end();
  }
}
