/** Hands the operations of the bridge to the components. */
import { createContext, type ReactNode, useContext } from 'react';
import type { Operations } from '../bridge/operations.ts';

const OperationsContext = createContext<Operations | null>(null);

export function OperationsProvider(props: { readonly operations: Operations; readonly children: ReactNode }) {
  return <OperationsContext value={props.operations}>{props.children}</OperationsContext>;
}

/** What the console can do. */
export function useOperations(): Operations {
  const operations = useContext(OperationsContext);
  if (operations === null) throw new Error('no OperationsProvider above this component');
  return operations;
}
