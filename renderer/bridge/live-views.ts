/** Which live views the state calls for, and keeping exactly those subscribed. */
import type { View } from '../../cluster/api/views.ts';
import { unreachable } from '../../cluster/base/assert.ts';
import type { Stop } from '../../cluster/base/scope.ts';
import type { Action } from '../store/action.ts';
import { pathOf } from '../store/selection.ts';
import type { AppState } from '../store/state.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channel.ts';
import type { ViewUpdate } from './subscriptions.ts';

/** Open directories that are watched; the server serves 64 subscriptions to a client. */
const watchedDirectoriesMax = 48;

/** The views to follow, by a key that says when two are the same. */
export function wantedViews(state: AppState): ReadonlyMap<string, View> {
  const wanted = new Map<string, View>([
    ['ensemble', { kind: 'ensemble' }],
    ['timeline', { kind: 'timeline', after: state.timeline.last }],
  ]);
  const { route } = state;
  if (route.screen === 'log') {
    const members = state.ensemble.view?.members.map(({ id }) => id) ?? [];
    if (members.length > 0) wanted.set(`log ${members.join()}`, { kind: 'log', members });
  }
  if (route.screen === 'znodes') {
    const path = pathOf(state.selection.znode);
    if (path !== null) wanted.set(`znode ${path}`, { kind: 'znode', path });
    for (const open of [...state.tree.expanded].slice(-watchedDirectoriesMax)) {
      wanted.set(`children ${open}`, { kind: 'children', path: open });
    }
  }
  return wanted;
}

/** Subscribes to what the state calls for, as it changes, and dispatches what comes. */
export function followLiveViews(options: {
  readonly store: Store;
  readonly channel: Channel;
  readonly now: () => number;
}): Stop {
  const { store, channel, now } = options;
  const followed = new Map<string, Stop>();

  function reconcile(): void {
    const wanted = wantedViews(store.getState());
    for (const [key, stop] of followed) {
      if (wanted.has(key)) continue;
      followed.delete(key);
      stop();
    }
    for (const [key, view] of wanted) {
      if (followed.has(key)) continue;
      // Asked anew at each reconnect: a timeline resumes after the last event seen by then.
      const current = () => wantedViews(store.getState()).get(key) ?? view;
      followed.set(
        key,
        channel.subscribe(current, (update) => {
          for (const action of actionsOf(view, update, now())) store.dispatch(action);
        }),
      );
    }
  }

  const unlisten = store.subscribe(reconcile);
  reconcile();
  return () => {
    unlisten();
    for (const stop of followed.values()) stop();
  };
}

function actionsOf(view: View, update: ViewUpdate, atMs: number): readonly Action[] {
  if (update.kind === 'trouble') return troubleOf(view, update);
  const { content } = update;
  switch (content.view) {
    case 'ensemble':
      return [{ kind: 'ensemble.seen', ensemble: content.ensemble, atMs }];
    case 'timeline':
      return 'missed' in content
        ? [{ kind: 'timeline.replaced', events: content.events, missed: content.missed }]
        : [{ kind: 'timeline.continued', events: content.events }];
    case 'log':
      return 'pages' in content
        ? [{ kind: 'log.replaced', pages: content.pages, atMs }]
        : [{ kind: 'log.continued', page: content.page, atMs }];
    case 'znode': {
      const { znode } = content;
      const path = znode.kind === 'present' ? znode.value.path : znode.path;
      return [{ kind: 'znode.seen', path, znode, atMs }];
    }
    case 'children':
      return [{ kind: 'directory.watched', watch: content.children }];
    default:
      return unreachable(content);
  }
}

function troubleOf(view: View, { failure }: Extract<ViewUpdate, { kind: 'trouble' }>): readonly Action[] {
  switch (view.kind) {
    case 'znode':
      return [{ kind: 'znode.troubled', path: view.path, failure }];
    case 'children':
      return [{ kind: 'directory.troubled', path: view.path, failure }];
    // The others are facts of the server's own; members say themselves how old their last word is.
    case 'ensemble':
    case 'timeline':
    case 'log':
      return [];
    default:
      return unreachable(view);
  }
}
