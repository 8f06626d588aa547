/** Applies committed entries to the store, and tells everybody what follows from each. */
import type { Entry } from '../base/entry.ts';
import type { SessionId } from '../base/ids.ts';
import type { Origin } from '../zk/command.ts';
import { isSameOrigin } from '../zk/sessions.ts';
import type { Store } from '../zk/store.ts';
import type { LoadedState } from '../zk/store-loader.ts';
import type { Clients } from './clients/clients.ts';
import type { Forwarder } from './forwarding/forwarder.ts';
import type { LogReader } from './log-reader.ts';
import type { Snapshots } from './snapshots/snapshots.ts';
import type { Checkpoints } from './upkeep/checkpoints.ts';
import type { SessionClock } from './upkeep/session-clock.ts';

export interface ApplierOptions {
  readonly origin: Origin;
  readonly store: Store;
  readonly clients: Clients;
  readonly forwarder: Forwarder;
  readonly sessionClock: SessionClock;
  readonly logReader: LogReader;
  readonly checkpoints: Checkpoints;
  readonly snapshots: Snapshots;
  /** A noop is applied: if it is this leader's own, everything older is applied as well. */
  readonly noopApplied: (noop: Entry) => void;
  readonly membershipApplied: (entry: Entry) => void;
}

export class Applier {
  readonly #options: ApplierOptions;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  apply(entry: Entry): void {
    const { store, origin, clients, forwarder, logReader, checkpoints, snapshots } = this.#options;
    const applied = store.apply(entry);
    logReader.applied(entry);
    if (entry.kind === 'noop') this.#options.noopApplied(entry);
    if (entry.kind === 'membership') this.#options.membershipApplied(entry);
    if (applied.events.length > 0) clients.fire(applied.events);
    const own = applied.command !== null && isSameOrigin(applied.command.origin, origin);
    if (own) forwarder.applied(applied.command.sequence, applied);
    if (applied.openedSession !== null) this.#sessionOpened(applied.openedSession, own);
    for (const session of applied.closedSessions) this.#sessionClosed(session);
    checkpoints.applied(entry.index);
    snapshots.applied(entry);
  }

  /**
   * The store becomes what a leader sent. Clients are sent away: the answers of some of their requests
   * lie in entries that this member never saw, and so do the events of their watches. They come back,
   * and their watches with them.
   */
  replace(loaded: LoadedState): void {
    const { store, origin, clients, forwarder, sessionClock, logReader, checkpoints } = this.#options;
    clients.endAll();
    store.install(loaded);
    forwarder.jumped(store.lastSequence(origin));
    sessionClock.reset(store.sessions());
    logReader.jumped(loaded);
    checkpoints.replaced();
  }

  #sessionOpened(session: SessionId, here: boolean): void {
    const { store, sessionClock, clients } = this.#options;
    const timeoutMs = store.session(session)?.timeoutMs;
    if (timeoutMs !== undefined) sessionClock.opened(session, timeoutMs);
    if (!here) clients.sessionGone(session);
  }

  #sessionClosed(session: SessionId): void {
    this.#options.sessionClock.closed(session);
    this.#options.clients.sessionGone(session);
  }
}
