/** The replicated log's unit, shared by every engine, the write-ahead log and the store. */
import type { LogIndex, Term } from './ids.ts';

/**
 * `noop` opens a leader's term (§8 of the Raft paper); `command` carries a request of the store;
 * `membership` carries a `MembershipRecord`: consensus obeys it, and the store remembers it.
 */
export type EntryKind = 'command' | 'noop' | 'membership';

/** One log entry. The payload is opaque to consensus and to the write-ahead log. */
export interface Entry {
  readonly index: LogIndex;
  readonly term: Term;
  readonly kind: EntryKind;
  readonly payload: Uint8Array;
}
