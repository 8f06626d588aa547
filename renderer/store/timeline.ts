/** The newest events, in order, and which of them to show. */
import type { TimelineEvent } from '../../cluster/api/timeline.ts';
import type { Action } from './action.ts';

/** Events kept in the console. */
const eventsKeptMax = 2_000;

export type Level = TimelineEvent['level'];

export interface TimelineFilter {
  /** The least level to show. */
  readonly level: Level;
  /** Null: all. */
  readonly member: number | null;
  readonly text: string;
}

export interface TimelineState {
  readonly events: readonly TimelineEvent[];
  /** Sequence of the newest event received: where a new subscription resumes. */
  readonly last: number;
  /** Events that the server no longer had when it was asked. */
  readonly missed: number;
  readonly filter: TimelineFilter;
}

export const everything: TimelineFilter = { level: 'info', member: null, text: '' };
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

const severity: Readonly<Record<Level, number>> = { info: 0, warn: 1, error: 2 };

/** Whether an event passes level and member; text is matched by the view, in the language shown. */
export function passes(filter: TimelineFilter, event: TimelineEvent): boolean {
  if (severity[event.level] < severity[filter.level]) return false;
  return filter.member === null || event.member === filter.member;
}
