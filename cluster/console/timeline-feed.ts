/** The timeline, live: resumes after the last event a client saw, and says how many it missed. */
import { timelineEventsMax } from '../api/commands.ts';
import type { TimelineEvent } from '../api/timeline.ts';
import { consoleTimelinePeriodMs } from '../base/limits.ts';
import { createPace } from './pace.ts';
import type { ConsoleSupervisor } from './ports.ts';
import type { Feed, FeedSink } from './subscription.ts';

/** The newest of the kept events above `after`. */
export function recentEvents(supervisor: ConsoleSupervisor, after: number): TimelineEvent[] {
  return supervisor.events(after).slice(-timelineEventsMax);
}

export function openTimelineFeed(
  after: number,
  { supervisor, sink }: { readonly supervisor: ConsoleSupervisor; readonly sink: FeedSink },
): Feed {
  const newest = supervisor.events(0).at(-1)?.sequence ?? 0;
  // A number that was never given out here is from another run.
  let lastSent = after > newest ? 0 : after;

  function send(as: 'snapshot' | 'delta'): void {
    const events = recentEvents(supervisor, lastSent);
    const missed = events[0] === undefined ? 0 : events[0].sequence - lastSent - 1;
    if (as === 'delta' && events.length === 0) return;
    const taken =
      as === 'delta' && missed === 0
        ? sink.delta({ view: 'timeline', events })
        : sink.snapshot({ view: 'timeline', events, missed });
    if (taken) lastSent = events.at(-1)?.sequence ?? lastSent;
  }

  send('snapshot');
  const pace = createPace(consoleTimelinePeriodMs, () => send('delta'));
  const unlisten = supervisor.onEvent(pace.request);
  return {
    resync: () => send('snapshot'),
    stop() {
      unlisten();
      pace.stop();
    },
  };
}
