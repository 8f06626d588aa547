/** What is measured, and the budgets of DESIGN.md section 8. */

export const measureNames = ['cold', 'memory', 'latency', 'kill', 'pause', 'partition'] as const;
/** What `--only` chooses from. */
export type MeasureName = (typeof measureNames)[number];

export type RowName = 'cold' | 'kill' | 'pause' | 'partition' | 'set' | 'get' | 'memory';

export interface Budget {
  readonly row: RowName;
  readonly text: string;
  readonly unit: 'ms' | 'MiB';
  /** Largest median allowed; null: only the ratio counts. */
  readonly max: number | null;
  /** Largest median allowed as a share of ZooKeeper's in the same run; null: none. */
  readonly ratioMax: number | null;
}

export const budgets: readonly Budget[] = [
  { row: 'cold', text: 'cold start to first write', unit: 'ms', max: 500, ratioMax: 1 / 2 },
  { row: 'kill', text: 'leader killed to next write', unit: 'ms', max: 100, ratioMax: 1 / 3 },
  { row: 'pause', text: 'leader paused to next write', unit: 'ms', max: 1_000, ratioMax: 1 / 10 },
  { row: 'partition', text: 'leader cut off to next write', unit: 'ms', max: 1_000, ratioMax: null },
  { row: 'set', text: 'set, one at a time, p50', unit: 'ms', max: null, ratioMax: 1 },
  { row: 'get', text: 'get, one at a time, p50', unit: 'ms', max: null, ratioMax: 1 },
  // 90 MB in the decimal megabytes of the design.
  { row: 'memory', text: 'idle memory of a member', unit: 'MiB', max: 90e6 / 2 ** 20, ratioMax: null },
];
