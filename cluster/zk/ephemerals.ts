/** Which ephemeral znodes each session owns. */
import { assert } from '../base/assert.ts';
import type { SessionId } from '../base/ids.ts';
import type { RowNumber } from './znode-rows.ts';

const none: ReadonlySet<RowNumber> = new Set();

export class EphemeralTable {
  readonly #owned = new Map<SessionId, Set<RowNumber>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Sessions that own some. */
  owners(): Iterable<SessionId> {
    return this.#owned.keys();
  }

  of(session: SessionId): ReadonlySet<RowNumber> {
    return this.#owned.get(session) ?? none;
  }

  add(owner: SessionId, row: RowNumber): void {
    const owned = this.#owned.get(owner);
    if (owned === undefined) this.#owned.set(owner, new Set([row]));
    else owned.add(row);
    this.#count += 1;
  }

  delete(owner: SessionId, row: RowNumber): void {
    const owned = this.#owned.get(owner);
    assert(owned?.delete(row) === true, 'an ephemeral znode without its owner', { owner });
    if (owned.size === 0) this.#owned.delete(owner);
    this.#count -= 1;
  }
}
