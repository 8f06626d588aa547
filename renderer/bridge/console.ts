/** Puts the bridge together: the channel, what follows the state, and the operations of the views. */
import { Scope, type Stop } from '../../cluster/base/scope.ts';
import type { Store } from '../store/store.ts';
import { followAcl } from './acl-reader.ts';
import { Channel } from './channel.ts';
import { followLiveViews } from './live-views.ts';
import { logOperations } from './log-operations.ts';
import { memberOperations } from './member-operations.ts';
import type { Operations } from './operations.ts';
import { followPage, goTo, rememberPreferences, replaceRoute } from './page.ts';
import type { Surroundings } from './surroundings.ts';
import { createTracker } from './tracker.ts';
import { znodeOperations } from './znode-operations.ts';

/** Ages on the screen move on this often. */
const tickMs = 1_000;

/** Connects the store to the server and to the page; `token` is null when the address lacked it. */
export function openConsole(options: {
  readonly store: Store;
  readonly token: string | null;
  readonly surroundings: Surroundings;
}): { readonly operations: Operations; readonly stop: Stop } {
  const { store, token, surroundings } = options;
  const scope = new Scope();
  let offsetMs = 0;
  const now = () => surroundings.now() + offsetMs;

  const channel = new Channel({
    token: token ?? '',
    surroundings,
    listener: {
      opened({ instance, dataFolder, nowMs }) {
        offsetMs = nowMs - surroundings.now();
        store.dispatch({ kind: 'connection.opened', instance, dataFolder, atMs: now() });
      },
      lost: ({ closing, retryMs }) =>
        store.dispatch({ kind: 'connection.lost', closing, retryAtMs: now() + retryMs, atMs: now() }),
      refused: () =>
        store.dispatch({ kind: token === null ? 'connection.tokenMissed' : 'connection.refused' }),
    },
  });
  scope.add(() => channel.close());

  const tracker = createTracker(store, now);
  const parts = { store, channel, tracker };
  const prefer: Operations['prefer'] = (change) => {
    store.dispatch({ kind: 'preference.changed', change });
    rememberPreferences(store);
  };

  scope.add(followPage(store, prefer));
  scope.add(followLiveViews({ store, channel, now }));
  scope.add(followAcl(store, channel));
  scope.add(followClock({ store, now, surroundings }));

  const operations: Operations = {
    tell: store.dispatch,
    go: goTo,
    replace: replaceRoute,
    prefer,
    copyText: (text) =>
      navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      ),
    ...memberOperations(parts),
    ...znodeOperations(parts),
    ...logOperations(parts),
  };
  return { operations, stop: () => void scope.close() };
}

function followClock(options: {
  readonly store: Store;
  readonly now: () => number;
  readonly surroundings: Surroundings;
}): Stop {
  let stop: Stop = () => undefined;
  const tick = () => {
    options.store.dispatch({ kind: 'clock.ticked', nowMs: options.now() });
    stop = options.surroundings.after(tickMs, tick);
  };
  tick();
  return () => stop();
}
