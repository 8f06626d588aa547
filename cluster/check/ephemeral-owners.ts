/** Ephemeral znodes live exactly as long as their session: gone with it, and not before. */
import type { SessionId } from '../base/ids.ts';
import { Violation } from './violation.ts';

export class EphemeralOwners {
  readonly #created = new Map<string, SessionId>();
  readonly #ended = new Set<SessionId>();

  /** A client was told that its ephemeral znode exists. */
  created(path: string, session: SessionId): void {
    this.#created.set(path, session);
  }

  /** Its session was closed, or the client was told that it has expired. */
  ended(session: SessionId): void {
    this.#ended.add(session);
  }

  /** A forced recovery ends every session, and may have lost what they created. */
  recovered(): void {
    this.#created.clear();
  }

  /** Looks at every ephemeral znode of a store and at the sessions alive there. */
  verify(
    found: ReadonlyMap<string, SessionId>,
    alive: ReadonlySet<SessionId>,
    when: 'underWay' | 'atTheEnd',
  ): void {
    for (const [path, owner] of found) {
      if (!alive.has(owner)) throw new Violation('ephemerals go with their session', `${path} of ${owner}`);
      if (this.#ended.has(owner) && when === 'atTheEnd') {
        throw new Violation('ephemerals go with their session', `${path}: ${owner} has ended`);
      }
    }
    for (const [path, owner] of this.#created) {
      if (alive.has(owner) && found.get(path) !== owner) {
        throw new Violation('ephemerals stay with their session', `${path} of ${owner}, alive, is missing`);
      }
    }
  }
}
