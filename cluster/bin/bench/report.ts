/** The results beside the budgets, as one table and as verdicts. */
import { table } from '../commands/table.ts';
import type { EngineResult } from './bench.ts';
import { type Budget, budgets } from './budgets.ts';
import { faultKinds } from './engine.ts';
import type { Summary } from './samples.ts';

export interface Verdict {
  readonly row: Budget['row'];
  readonly unit: Budget['unit'];
  readonly muster: Summary;
  readonly zookeeper: Summary | null;
  /** Muster's median over ZooKeeper's; null without ZooKeeper. */
  readonly ratio: number | null;
  readonly budgetMax: number | null;
  readonly budgetRatioMax: number | null;
  readonly met: boolean;
}

/** One for each row that Muster was measured in. */
export function judge(results: readonly EngineResult[]): readonly Verdict[] {
  const muster = results.find(({ engine }) => engine === 'muster');
  const zookeeper = results.find(({ engine }) => engine === 'zookeeper');
  return budgets.flatMap((budget) => {
    const ours = muster?.rows[budget.row];
    return ours === undefined ? [] : [verdictOf(budget, ours, zookeeper?.rows[budget.row] ?? null)];
  });
}

/** Disconnects and errors that clients of surviving members of Muster saw; promise 3 says none. */
export function seenByClients(results: readonly EngineResult[], engine: EngineResult['engine']): number {
  const seen = results.find((result) => result.engine === engine)?.seen ?? {};
  return faultKinds.reduce(
    (total, fault) => total + (seen[fault]?.disconnects ?? 0) + (seen[fault]?.errors ?? 0),
    0,
  );
}

export function renderTable(results: readonly EngineResult[]): string {
  const rows = judge(results).map((verdict) => {
    const { muster, zookeeper, ratio, unit, met } = verdict;
    return [
      budgets.find(({ row }) => row === verdict.row)?.text ?? verdict.row,
      cell(muster, unit),
      range(muster),
      zookeeper === null ? '-' : cell(zookeeper, unit),
      zookeeper === null ? '-' : range(zookeeper),
      ratio === null ? '-' : ratio.toFixed(2),
      budgetText(verdict),
      met ? 'met' : 'MISSED',
    ];
  });
  const heading = [
    'measure',
    'Muster',
    'min–max (runs)',
    'ZooKeeper',
    'min–max (runs)',
    'ratio',
    'budget',
    '',
  ];
  return [table([heading, ...rows]), ...results.flatMap(seenLines)].join('\n');
}

function verdictOf(budget: Budget, muster: Summary, zookeeper: Summary | null): Verdict {
  const ratio = zookeeper === null ? null : muster.median / zookeeper.median;
  const withinMax = budget.max === null || muster.median <= budget.max;
  const withinRatio = budget.ratioMax === null || ratio === null || ratio <= budget.ratioMax;
  return {
    row: budget.row,
    unit: budget.unit,
    muster,
    zookeeper,
    ratio,
    budgetMax: budget.max,
    budgetRatioMax: budget.ratioMax,
    met: withinMax && withinRatio,
  };
}

function seenLines({ engine, seen }: EngineResult): readonly string[] {
  const parts = faultKinds.flatMap((fault) => {
    const { disconnects, errors } = seen[fault] ?? { disconnects: null, errors: null };
    return disconnects === null ? [] : [`${fault}: ${disconnects} disconnects, ${errors} errors`];
  });
  return parts.length === 0 ? [] : [`Clients of ${engine}'s surviving members saw: ${parts.join('; ')}.`];
}

function cell({ median }: Summary, unit: string): string {
  return `${number(median)} ${unit}`;
}

function range({ min, max, runs }: Summary): string {
  return `${number(min)}–${number(max)} (${runs})`;
}

function budgetText({ budgetMax, budgetRatioMax, unit }: Verdict): string {
  const parts = [
    ...(budgetMax === null ? [] : [`≤ ${number(budgetMax)} ${unit}`]),
    ...(budgetRatioMax === null ? [] : [`≤ ${Number(budgetRatioMax.toFixed(2))} ×`]),
  ];
  return parts.join(', ');
}

function number(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
