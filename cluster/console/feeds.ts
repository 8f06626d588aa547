/** The live views by kind: the simple ones here, the rest in files of their own. */

import type { ApiError } from '../api/errors.ts';
import type { View, ViewSnapshot } from '../api/views.ts';
import type { ChildrenWatch, ZnodeWatch } from '../api/znode.ts';
import { unreachable } from '../base/assert.ts';
import { consoleEnsemblePeriodMs } from '../base/limits.ts';
import type { Result } from '../base/result.ts';
import type { Stop } from '../base/scope.ts';
import { openLogFeed } from './log-feed.ts';
import { createPace } from './pace.ts';
import type { ConsoleSupervisor, WatchListener, Znodes } from './ports.ts';
import type { Feed, FeedSink } from './subscription.ts';
import { openTimelineFeed } from './timeline-feed.ts';

/** What feeds draw from. */
export interface Sources {
  readonly supervisor: ConsoleSupervisor;
  readonly znodes: Znodes;
}

/** Starts the feed of a view. */
export function openFeed(
  view: View,
  { sources, sink }: { readonly sources: Sources; readonly sink: FeedSink },
): Feed {
  switch (view.kind) {
    case 'ensemble':
      return openEnsembleFeed(sources.supervisor, sink);
    case 'timeline':
      return openTimelineFeed(view.after, { supervisor: sources.supervisor, sink });
    case 'log':
      return openLogFeed(view.members, { supervisor: sources.supervisor, sink });
    case 'znode':
      return openWatchFeed<ZnodeWatch>(sink, {
        watch: (listener) => sources.znodes.watchZnode(view.path, listener),
        content: (znode) => ({ view: 'znode', znode }),
      });
    case 'children':
      return openWatchFeed<ChildrenWatch>(sink, {
        watch: (listener) => sources.znodes.watchChildren(view.path, listener),
        content: (children) => ({ view: 'children', children }),
      });
    default:
      return unreachable(view);
  }
}

function openEnsembleFeed(supervisor: ConsoleSupervisor, sink: FeedSink): Feed {
  const content = () => ({ view: 'ensemble', ensemble: supervisor.view() }) as const;
  const pace = createPace(consoleEnsemblePeriodMs, () => sink.delta(content()));
  const unlisten = supervisor.onChange(pace.request);
  sink.snapshot(content());
  return {
    resync: () => sink.snapshot(content()),
    stop() {
      unlisten();
      pace.stop();
    },
  };
}

/** Views whose every value is whole: each is a snapshot's content and a delta's alike. */
type WatchedContent = Extract<ViewSnapshot, { readonly view: 'znode' | 'children' }>;

function openWatchFeed<Value>(
  sink: FeedSink,
  source: {
    readonly watch: (listener: WatchListener<Value>) => Stop;
    readonly content: (value: Value) => WatchedContent;
  },
): Feed {
  let latest: Result<Value, ApiError> | null = null;
  let sentSnapshot = false;

  function send(as: 'snapshot' | 'delta'): void {
    if (latest === null) return;
    if (!latest.ok) sink.trouble(latest.error);
    else if (sink[as](source.content(latest.value))) sentSnapshot = true;
  }

  const stop = source.watch((value) => {
    latest = value;
    send(sentSnapshot ? 'delta' : 'snapshot');
  });
  return { resync: () => send('snapshot'), stop };
}
