/**
 * Client requests and their answers as values. `wire/` turns them into bytes and back; `admit.ts`
 * checks them; `store.ts` answers the reads and applies the writes.
 */
import type { SessionId, Zxid } from '../base/ids.ts';
import type { ZkError } from './errors.ts';
import type { Acl, CreateMode, Stat } from './records.ts';

/** Operations that change the tree; also the parts of a `multi`. Version -1 matches any version. */
export type TreeWrite =
  | {
      readonly kind: 'create';
      /** True for `create2` (and `create` inside Curator), whose answer carries the Stat. */
      readonly wantsStat: boolean;
      readonly path: string;
      readonly data: Uint8Array;
      readonly acl: readonly Acl[];
      readonly mode: CreateMode;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number }
  | { readonly kind: 'setData'; readonly path: string; readonly data: Uint8Array; readonly version: number }
  | { readonly kind: 'setAcl'; readonly path: string; readonly acl: readonly Acl[]; readonly version: number }
  | { readonly kind: 'check'; readonly path: string; readonly version: number };

export type WriteRequest = TreeWrite | { readonly kind: 'multi'; readonly parts: readonly TreeWrite[] };

export type ReadRequest =
  | { readonly kind: 'exists'; readonly path: string; readonly watch: boolean }
  | { readonly kind: 'getData'; readonly path: string; readonly watch: boolean }
  | { readonly kind: 'getAcl'; readonly path: string }
  /** `withStat`: getChildren2. */
  | {
      readonly kind: 'getChildren';
      readonly path: string;
      readonly watch: boolean;
      readonly withStat: boolean;
    };

/** Requests about the connection itself. */
export type ConnectionRequest =
  | { readonly kind: 'ping' }
  | { readonly kind: 'closeSession' }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'auth'; readonly scheme: string; readonly credential: Uint8Array }
  | {
      readonly kind: 'setWatches';
      readonly relativeZxid: Zxid;
      readonly data: readonly string[];
      readonly exist: readonly string[];
      readonly child: readonly string[];
    }
  /** A known or unknown operation code that this server does not offer; answered `unimplemented`. */
  | { readonly kind: 'unsupported'; readonly opcode: number };

export type ClientRequest = WriteRequest | ReadRequest | ConnectionRequest;

/** The answer to a write, decided at apply. */
export type WriteAnswer =
  | { readonly kind: 'created'; readonly path: string; readonly stat: Stat | null }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'stat'; readonly stat: Stat }
  | { readonly kind: 'checked' }
  | { readonly kind: 'error'; readonly error: ZkError }
  /** When one part failed, every part is an `error`: the failed one its own, the ones before it
   * none (`rolledBack`), the ones after it `runtimeInconsistency`. */
  | { readonly kind: 'multi'; readonly parts: readonly MultiPartAnswer[] };

export type MultiPartAnswer =
  | Exclude<WriteAnswer, { readonly kind: 'multi' }>
  | { readonly kind: 'rolledBack' };

export type ReadAnswer =
  | { readonly kind: 'stat'; readonly stat: Stat }
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly stat: Stat }
  | { readonly kind: 'acl'; readonly acl: readonly Acl[]; readonly stat: Stat }
  | { readonly kind: 'children'; readonly names: readonly string[]; readonly stat: Stat | null }
  | { readonly kind: 'error'; readonly error: ZkError };

/** Sent first on every connection (`ConnectRequest`). */
export interface ConnectRequest {
  readonly protocolVersion: number;
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  /** 0 asks for a new session. */
  readonly sessionId: SessionId;
  readonly password: Uint8Array;
  readonly readOnly: boolean;
}

/** Its answer (`ConnectResponse`); timeout 0 and session 0 say that the session has expired. */
export interface ConnectResponse {
  readonly timeoutMs: number;
  readonly sessionId: SessionId;
  readonly password: Uint8Array;
  readonly readOnly: boolean;
}
