/** The replicated session table: who exists, and which member's life serves it (`SessionTracker`, `setOwner`). */
import type { SessionId } from '../base/ids.ts';
import type { Origin } from './command.ts';
import { DigestSum, RecordHash, recordKinds } from './digest.ts';

export interface SessionRecord {
  readonly id: SessionId;
  readonly timeoutMs: number;
  /** Proves that a client that comes back is the one that left. */
  readonly password: Uint8Array;
  /** The life of the member whose client this is. */
  readonly owner: Origin;
}

export class SessionTable {
  readonly digest = new DigestSum();
  readonly #sessions = new Map<SessionId, SessionRecord>();
  readonly #hash = new RecordHash();

  get count(): number {
    return this.#sessions.size;
  }

  get(id: SessionId): SessionRecord | undefined {
    return this.#sessions.get(id);
  }

  all(): Iterable<SessionRecord> {
    return this.#sessions.values();
  }

  /** Adds a session, or replaces its record. */
  set(record: SessionRecord): void {
    this.delete(record.id);
    this.#sessions.set(record.id, record);
    this.#hashRecord(record);
    this.digest.add(this.#hash);
  }

  delete(id: SessionId): void {
    const record = this.#sessions.get(id);
    if (record === undefined) return;
    this.#sessions.delete(id);
    this.#hashRecord(record);
    this.digest.subtract(this.#hash);
  }

  #hashRecord(record: SessionRecord): void {
    const hash = this.#hash;
    hash.start(recordKinds.session);
    hash.integer(record.id);
    hash.integer(record.timeoutMs);
    hash.bytes(record.password);
    hash.word(record.owner.member);
    hash.integer(record.owner.incarnation);
    hash.integer(record.owner.life);
    hash.finish();
  }
}

/** Whether two origins are the same life of the same data directory. */
export function isSameOrigin(one: Origin, other: Origin): boolean {
  return one === other || (one.incarnation === other.incarnation && one.life === other.life);
}
