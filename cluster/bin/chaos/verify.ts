/** After the faults: everything is healed, and what was promised is compared with what is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnsembleView } from '../../api/ensemble.ts';
import type { HistoryEvent } from '../../check/history.ts';
import { judgeHistory } from '../../check/linearizability/judge.ts';
import { type Arena, must } from './arena.ts';
import { differenceAt, type Serials } from './serials.ts';

const settleTimeoutMs = 60_000;
const historyBudgetMs = 120_000;
const pollMs = 50;

/** A promise, and what is wrong with it; null: it was kept. */
export interface Finding {
  readonly promise: string;
  readonly wrong: string | null;
}

/** Heals everything first. */
export async function verify(
  arena: Arena,
  told: {
    readonly written: { readonly folder: string; readonly serials: Serials };
    readonly history: readonly HistoryEvent[];
    /** What happened meanwhile that no fault explains. */
    readonly complaints: readonly string[];
  },
): Promise<readonly Finding[]> {
  await must(arena, 'heal', arena.supervisor.heal());
  const settled = await untilSettled(arena);
  const wrongSerials = await serialsWrong(arena, told.written);
  return [
    { promise: 'everything works again', wrong: settled },
    { promise: 'no write lost, doubled or unasked', wrong: wrongSerials },
    { promise: 'equal stores at an equal index', wrong: digestsWrong(arena.supervisor.view()) },
    { promise: 'the history is linearizable', wrong: historyWrong(told.history) },
    { promise: 'the members are the voters', wrong: membershipWrong(arena) },
    {
      promise: 'nothing that faults do not explain',
      wrong: told.complaints.length === 0 ? null : told.complaints.join('; '),
    },
  ];
}

/** Waits until all members work and have applied the same. */
async function untilSettled(arena: Arena): Promise<string | null> {
  for (const startedMs = performance.now(); performance.now() - startedMs < settleTimeoutMs; ) {
    const view = arena.supervisor.view();
    const applied = new Set(view.members.map(({ report }) => report?.applied ?? -1));
    if (view.health.level === 'healthy' && applied.size === 1) return null;
    await sleep(pollMs);
  }
  const { health, members } = arena.supervisor.view();
  const reports = members.map(({ id, process, report }) => `${id} ${process.kind} ${report?.applied}`);
  return `not after ${settleTimeoutMs / 1_000} s: ${JSON.stringify(health.reasons)}; ${reports.join(', ')}`;
}

async function serialsWrong(
  arena: Arena,
  told: { readonly folder: string; readonly serials: Serials },
): Promise<string | null> {
  for (const { id, clientPort } of arena.supervisor.view().members) {
    const found = await differenceAt(`127.0.0.1:${clientPort}`, told);
    if (!found.ok) return `member ${id} could not be read: ${found.error.what}`;
    const { lost, doubled, moved, unasked } = found.value;
    const counts = {
      lost: lost.length,
      doubled: doubled.length,
      moved: moved.length,
      unasked: unasked.length,
    };
    const example = [...lost, ...doubled, ...moved, ...unasked][0];
    if (example !== undefined) return `member ${id}: ${JSON.stringify(counts)}, such as ${example}`;
  }
  return null;
}

function digestsWrong({ members }: EnsembleView): string | null {
  const known = new Map<number, { readonly id: number; readonly digest: string }>();
  for (const { id, report } of members) {
    if (report === null) return `member ${id} says nothing`;
    const other = known.get(report.applied) ?? { id, digest: report.digest };
    if (other.digest !== report.digest) return `members ${other.id} and ${id} differ at ${report.applied}`;
    known.set(report.applied, other);
  }
  return null;
}

function historyWrong(history: readonly HistoryEvent[]): string | null {
  const judged = judgeHistory(history, {
    model: 'znode',
    monotonicMs: () => performance.now(),
    budgetMs: historyBudgetMs,
  });
  if (!judged.ok) return judged.error.message;
  return judged.value.verdict === 'ok' ? null : judged.value.summary;
}

function membershipWrong({ supervisor, members }: Arena): string | null {
  for (const { id, report } of supervisor.view().members) {
    const voters = report?.membership.voters.map((seat) => seat.id).join(',');
    const others = (report?.membership.learners.length ?? 0) + (report?.membership.outgoing.length ?? 0);
    if (voters !== members.join(',') || others > 0)
      return `member ${id} knows voters ${voters} and ${others} others`;
  }
  return null;
}
