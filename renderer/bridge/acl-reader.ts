/** Reads the ACL of the selected znode whenever its version says that the known one is old. */
import type { Stop } from '../../cluster/base/scope.ts';
import { wantedAcl } from '../store/selection.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channel.ts';

export function followAcl(store: Store, channel: Channel): Stop {
  async function read(path: string, aversion: number): Promise<void> {
    store.dispatch({ kind: 'acl.requested', path, aversion });
    const answer = await channel.command('znode.acl', { path });
    store.dispatch(
      answer.ok
        ? { kind: 'acl.loaded', path, aversion, acl: answer.value.acl }
        : { kind: 'acl.failed', path, aversion, failure: answer.error },
    );
  }

  return store.subscribe(() => {
    const wanted = wantedAcl(store.getState().selection);
    if (wanted !== null) void read(wanted.path, wanted.aversion);
  });
}
