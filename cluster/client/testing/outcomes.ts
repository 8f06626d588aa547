/** Short forms for tests of the client. */
import type { Outcome, ZkClient } from '../client.ts';
import type { ClientState } from '../session.ts';

/** The value of an outcome that must be a success. */
export async function done<Value>(outcome: Outcome<Value>): Promise<Value> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(settled.error.what);
  return settled.value;
}

/** The states a client goes through from now on, as they come. */
export function statesOf(client: ZkClient): readonly ClientState['kind'][] {
  const states: ClientState['kind'][] = [];
  client.onState((state) => states.push(state.kind));
  return states;
}

/** UTF-8 bytes. */
export function text(value: string): Uint8Array {
  return Uint8Array.from(Buffer.from(value));
}
