/** The console's own connection: what it can know, and since when it knows nothing new. */
import type { Action } from './action.ts';

export type ConnectionState =
  /** The address lacks the token of the run. */
  | { readonly kind: 'tokenMissing' }
  /** The server does not know the token: it belongs to another run. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly instance: string; readonly dataFolder: string }
  | {
      readonly kind: 'reconnecting';
      /** The run that was seen last; null before the first. */
      readonly instance: string | null;
      readonly sinceMs: number;
      readonly retryAtMs: number;
      /** The server said that it stops. */
      readonly closing: boolean;
    };

export const initialConnection: ConnectionState = { kind: 'connecting' };

export function reduceConnection(state: ConnectionState, action: Action): ConnectionState {
  switch (action.kind) {
    case 'connection.tokenMissed':
      return { kind: 'tokenMissing' };
    case 'connection.refused':
      return { kind: 'refused' };
    case 'connection.opened':
      return { kind: 'connected', instance: action.instance, dataFolder: action.dataFolder };
    case 'connection.lost':
      return {
        kind: 'reconnecting',
        instance: instanceOf(state),
        sinceMs: state.kind === 'reconnecting' ? state.sinceMs : action.atMs,
        retryAtMs: action.retryAtMs,
        closing: action.closing || (state.kind === 'reconnecting' && state.closing),
      };
    default:
      return state;
  }
}

/** The run that was connected last. */
export function instanceOf(state: ConnectionState): string | null {
  return state.kind === 'connected' || state.kind === 'reconnecting' ? state.instance : null;
}
