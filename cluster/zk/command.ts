/**
 * What the log holds: requests, not results (DESIGN.md 5.3). Everything that apply needs from the
 * world is in the command, so that every member and every replay decides alike.
 *
 * The origin (the member that took the request from its client) encodes a command once. The leader
 * does not decode it: it puts its wall time in front (`stampCommand`) and proposes the bytes.
 */
import type { Incarnation, MemberId, SessionId, Term } from '../base/ids.ts';
import type { AuthId } from './records.ts';
import type { WriteRequest } from './requests.ts';

/**
 * One life of one member: a stream of forwarded commands, numbered from 1 without a gap. The store
 * remembers the last number applied per stream, so a command may be sent again to any leader and is
 * applied exactly once (DESIGN.md 5.4).
 */
export interface Origin {
  readonly member: MemberId;
  readonly incarnation: Incarnation;
  /** Counts the starts of this data directory; a lower life's commands are dead. */
  readonly life: number;
}

export type CommandBody =
  /** The new session's id is the zxid of this entry. */
  | { readonly kind: 'createSession'; readonly timeoutMs: number; readonly password: Uint8Array }
  /** A client came back, on this origin: moves the session here, or answers `sessionExpired`. */
  | {
      readonly kind: 'attachSession';
      readonly session: SessionId;
      readonly password: Uint8Array;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'closeSession'; readonly session: SessionId }
  /**
   * The leader of `term` did not hear of the session for its timeout. In an entry of a later term it
   * means nothing: the new leader has granted the session a full timeout.
   */
  | { readonly kind: 'expireSession'; readonly session: SessionId; readonly term: Term }
  | {
      readonly kind: 'write';
      readonly session: SessionId;
      /** Identities proved on the client's connection; `world:anyone` is implied. */
      readonly auth: readonly AuthId[];
      readonly request: WriteRequest;
    };

export interface Command {
  readonly origin: Origin;
  readonly sequence: number;
  readonly body: CommandBody;
}

/** A command as it stands in an entry. */
export interface StampedCommand extends Command {
  /** The leader's wall time when it proposed: `ctime`, `mtime`. */
  readonly timeMs: number;
}
