/** Reading older parts of the members' logs. */
import { chunkSize, isChunkWanted } from '../store/log.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channel.ts';
import type { Operations } from './operations.ts';

/** The operations on logs, over this channel. */
export function logOperations(options: {
  readonly store: Store;
  readonly channel: Channel;
}): Pick<Operations, 'loadLog'> {
  const { store, channel } = options;

  async function load(member: number, chunk: number): Promise<void> {
    store.dispatch({ kind: 'log.requested', member, chunk });
    const from = Math.max(1, chunk * chunkSize);
    const answer = await channel.command('log.read', { member, from, count: chunkSize });
    if (answer.ok) store.dispatch({ kind: 'log.loaded', chunk, page: answer.value });
    else store.dispatch({ kind: 'log.failed', member, chunk, failure: answer.error });
  }

  return {
    loadLog(member, chunk) {
      const log = store.getState().log.members.get(member);
      if (log !== undefined && isChunkWanted(log, chunk)) void load(member, chunk);
    },
  };
}
