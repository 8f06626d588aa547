/** Which events of the timeline to show. */
import type { TimelineEvent } from '../../cluster/api/timeline.ts';

export type Level = TimelineEvent['level'];

export interface TimelineFilter {
  /** The least level to show. */
  readonly level: Level;
  /** Null: all. */
  readonly member: number | null;
  readonly text: string;
}

export const everything: TimelineFilter = { level: 'info', member: null, text: '' };

const severity: Readonly<Record<Level, number>> = { info: 0, warn: 1, error: 2 };

/** Whether an event passes level and member; text is matched by the view, in the language shown. */
export function passes(filter: TimelineFilter, event: TimelineEvent): boolean {
  if (severity[event.level] < severity[filter.level]) return false;
  return filter.member === null || event.member === filter.member;
}
