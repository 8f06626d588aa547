/** The newest events, in order, and which of them to show. */
import type { TimelineEvent } from '../../cluster/api/timeline.ts';
import type { Action } from './action.ts';
import { everything, type TimelineFilter } from './timeline-filter.ts';

/** Events kept in the console. */
const eventsKeptMax = 2_000;

export interface TimelineState {
  readonly events: readonly TimelineEvent[];
  /** Sequence of the newest event received: where a new subscription resumes. */
  readonly last: number;
  /** Events that the server no longer had when it was asked. */
  readonly missed: number;
  readonly filter: TimelineFilter;
}

export const initialTimeline: TimelineState = { events: [], last: 0, missed: 0, filter: everything };

export function reduceTimeline(state: TimelineState, action: Action): TimelineState {
  switch (action.kind) {
    case 'timeline.replaced':
      return { ...append(state, action.events), missed: state.missed + action.missed };
    case 'timeline.continued':
      return append(state, action.events);
    case 'timeline.filtered':
      return { ...state, filter: action.filter };
    default:
      return state;
  }
}

/** Events already there are ignored: a resumed subscription may overlap with what was seen. */
function append(state: TimelineState, events: readonly TimelineEvent[]): TimelineState {
  const fresh = events.filter(({ sequence }) => sequence > state.last);
  if (fresh.length === 0) return state;
  return {
    ...state,
    events: [...state.events, ...fresh].slice(-eventsKeptMax),
    last: fresh.at(-1)?.sequence ?? state.last,
  };
}
