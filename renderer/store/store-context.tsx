/** Reads the store from components: each redraws only when what it selected changed. */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { AppState } from './state.ts';
import type { Store } from './store.ts';

const StoreContext = createContext<Store | null>(null);

export function StoreProvider(props: { readonly store: Store; readonly children: ReactNode }) {
  return <StoreContext value={props.store}>{props.children}</StoreContext>;
}

/** The selected part of the state; the selector returns stored references or primitives. */
export function useSelect<Value>(selector: (state: AppState) => Value): Value {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('no StoreProvider above this component');
  return useSyncExternalStore(store.subscribe, () => selector(store.getState()));
}
