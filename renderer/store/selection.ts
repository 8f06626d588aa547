/** The znode that is looked at: its value as it changes, its ACL, its data unpacked. */
import type { ZnodeAcl, ZnodeValue } from '../../cluster/api/znode.ts';
import type { Action } from './action.ts';
import type { Failure } from './failure.ts';

export type SelectedZnode =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly path: string }
  | {
      readonly kind: 'present';
      readonly path: string;
      readonly value: ZnodeValue;
      readonly seenAtMs: number;
      /** Why it cannot be watched now: what is shown may be old. */
      readonly failure: Failure | null;
    }
  /** `last` is what it held when it was there, if that was seen. */
  | { readonly kind: 'absent'; readonly path: string; readonly last: ZnodeValue | null }
  | { readonly kind: 'failed'; readonly path: string; readonly failure: Failure };

/** An ACL and the `aversion` it was read at; a failure is kept per version too, so it is not repeated. */
export type SelectedAcl =
  | { readonly kind: 'unread' }
  | { readonly kind: 'reading'; readonly path: string; readonly aversion: number }
  | {
      readonly kind: 'read';
      readonly path: string;
      readonly aversion: number;
      readonly acl: readonly ZnodeAcl[];
    }
  | { readonly kind: 'failed'; readonly path: string; readonly aversion: number; readonly failure: Failure };

/** Data unpacked from gzip; `bytes` is null when it only looked like gzip or is too large. */
export interface Inflated {
  readonly base64: string;
  readonly bytes: Uint8Array<ArrayBuffer> | null;
}

export interface SelectionState {
  readonly znode: SelectedZnode;
  readonly acl: SelectedAcl;
  readonly inflated: Inflated | null;
}

export const initialSelection: SelectionState = {
  znode: { kind: 'none' },
  acl: { kind: 'unread' },
  inflated: null,
};

export function reduceSelection(state: SelectionState, action: Action): SelectionState {
  switch (action.kind) {
    case 'route.changed': {
      if (action.route.screen !== 'znodes') return state;
      const { path } = action.route;
      if (pathOf(state.znode) === path) return state;
      return { ...initialSelection, znode: { kind: 'loading', path } };
    }
    case 'connection.opened':
      return state.acl.kind === 'failed' ? { ...state, acl: { kind: 'unread' } } : state;
    case 'znode.seen':
      return pathOf(state.znode) === action.path ? { ...state, znode: seen(state.znode, action) } : state;
    case 'znode.troubled':
      return pathOf(state.znode) === action.path ? { ...state, znode: troubled(state.znode, action) } : state;
    case 'acl.requested':
      return { ...state, acl: { kind: 'reading', path: action.path, aversion: action.aversion } };
    case 'acl.loaded': {
      const { path, aversion, acl } = action;
      return isReading(state.acl, path) ? { ...state, acl: { kind: 'read', path, aversion, acl } } : state;
    }
    case 'acl.failed': {
      const { path, aversion, failure } = action;
      return isReading(state.acl, path)
        ? { ...state, acl: { kind: 'failed', path, aversion, failure } }
        : state;
    }
    case 'gzip.inflated':
      return { ...state, inflated: { base64: action.base64, bytes: action.bytes } };
    default:
      return state;
  }
}

/** The path of what is looked at. */
export function pathOf(znode: SelectedZnode): string | null {
  return znode.kind === 'none' ? null : znode.path;
}

/** The `aversion` whose ACL has to be read now; null when there is nothing to read. */
export function wantedAcl({
  znode,
  acl,
}: SelectionState): { readonly path: string; readonly aversion: number } | null {
  if (znode.kind !== 'present') return null;
  const { path, value } = znode;
  const { aversion } = value.stat;
  const known = acl.kind !== 'unread' && acl.path === path && acl.aversion === aversion;
  return known ? null : { path, aversion };
}

function isReading(acl: SelectedAcl, path: string): boolean {
  return acl.kind === 'reading' && acl.path === path;
}

type Seen = Extract<Action, { readonly kind: 'znode.seen' }>;
type Troubled = Extract<Action, { readonly kind: 'znode.troubled' }>;

function seen(znode: SelectedZnode, { path, znode: watch, atMs }: Seen): SelectedZnode {
  if (watch.kind === 'present') {
    return { kind: 'present', path, value: watch.value, seenAtMs: atMs, failure: null };
  }
  const last = znode.kind === 'present' ? znode.value : znode.kind === 'absent' ? znode.last : null;
  return { kind: 'absent', path, last };
}

function troubled(znode: SelectedZnode, { path, failure }: Troubled): SelectedZnode {
  return znode.kind === 'present' ? { ...znode, failure } : { kind: 'failed', path, failure };
}
