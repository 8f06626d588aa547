import { expect, it } from 'vitest';
import type { TimelineEvent } from '../api/timeline.ts';
import { Timeline } from './timeline.ts';

const event = { kind: 'healed', level: 'info', member: null, facts: {} } as const;

it('numbers events from 1 and resumes after any of them', () => {
  const timeline = new Timeline({ nowMs: () => 7 });
  const heard: TimelineEvent[] = [];
  const stop = timeline.subscribe((added) => heard.push(added));
  for (let count = 0; count < 3; count += 1) timeline.add(event);
  stop();
  timeline.add(event);
  expect(heard).toEqual([1, 2, 3].map((sequence) => ({ ...event, sequence, atMs: 7 })));
  expect(timeline.after(2).map(({ sequence }) => sequence)).toEqual([3, 4]);
  expect(timeline.after(4)).toEqual([]);
  expect(timeline.after(99)).toEqual([]);
});

it('keeps the newest 5,000 and no more', () => {
  const timeline = new Timeline({ nowMs: () => 0 });
  for (let count = 0; count < 12_345; count += 1) timeline.add(event);
  const kept = timeline.after(0);
  expect([kept.length, kept[0]?.sequence, kept.at(-1)?.sequence]).toEqual([5_000, 7_346, 12_345]);
  expect(timeline.after(12_344).map(({ sequence }) => sequence)).toEqual([12_345]);
});
