/** A real ensemble under load and under faults; then everything heals, and every promise is looked at. */

import type { HistoryEvent } from '../../check/history.ts';
import { createSeededRandom } from '../../sim/random.ts';
import { childProcessSpawn } from '../../supervisor/child-process-spawn.ts';
import { createSupervisor, type Supervisor } from '../../supervisor/supervisor.ts';
import type { Arena } from './arena.ts';
import { FaultBudget } from './budget.ts';
import type { FaultKind } from './faults.ts';
import { beginLoad, type Load } from './load.ts';
import { Nemesis } from './nemesis.ts';
import { listen, type Told } from './told.ts';
import { type Finding, verify } from './verify.ts';
import { type Availability, WriteClock } from './write-clock.ts';

/** Often enough that members that were away need snapshots. */
const snapshots = {
  everyEntries: 2_000,
  everyBytes: 16 * 1024 * 1024,
  kept: 3,
  logEntriesKept: 500,
};
const readyTimeoutMs = 20_000;
const never = new Promise<void>(() => undefined);
export interface ChaosOptions {
  readonly seed: string;
  readonly members: number;
  readonly durationMs: number;
  readonly kinds: readonly FaultKind[];
  /** Mean time between strikes. */
  readonly everyMs: number;
  readonly dataFolder: string;
  readonly memberModule: string;
  readonly tell: (line: string) => void;
  /** Ends the faults before their time: what was promised so far is looked at all the same. */
  readonly calledOff?: Promise<void>;
  /** The ensemble runs: for who must end it at once. */
  readonly started?: (supervisor: Supervisor) => void;
}

export interface ChaosReport {
  readonly seed: string;
  readonly members: number;
  readonly seconds: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Members whose files were damaged, by what came of it. */
  readonly damage: Readonly<Record<'unharmed' | 'repaired' | 'refusedAndReplaced', number>>;
  /** What the members told of themselves meanwhile, by kind. */
  readonly events: Readonly<Told>;
  readonly writes: Load['writes'];
  readonly operations: number;
  readonly availability: Availability;
  /** One for each promise. */
  readonly findings: readonly Finding[];
}

/** Founds an ensemble in `dataFolder`, which must be new, and ends it. */
export async function runChaos(
  options: ChaosOptions,
): Promise<{ readonly report: ChaosReport; readonly history: readonly HistoryEvent[] }> {
  const started = await createSupervisor({
    dataFolder: options.dataFolder,
    name: 'chaos',
    members: options.members,
    clientPortBase: 0,
    timing: null,
    settings: { snapshots },
    spawn: childProcessSpawn,
    memberModule: options.memberModule,
  });
  if (!started.ok) throw new Error(`${started.error.what} ${started.error.meaning}`);
  options.started?.(started.value);
  try {
    return await rageAndVerify(options, started.value);
  } finally {
    await started.value.close();
  }
}

async function rageAndVerify(
  options: ChaosOptions,
  supervisor: Supervisor,
): Promise<{ readonly report: ChaosReport; readonly history: readonly HistoryEvent[] }> {
  const nowMs = () => performance.now();
  const startedMs = nowMs();
  const random = createSeededRandom(options.seed);
  await supervisor.untilHealthy(readyTimeoutMs);
  const clock = new WriteClock(nowMs);
  const { arena, complaints, damage } = createArena(supervisor, {
    tell: (line) => options.tell(`${((nowMs() - startedMs) / 1_000).toFixed(1)} s: ${line}`),
    clock,
  });
  const events = listen(arena);
  const load = await beginLoad({
    servers: supervisor.view().connect,
    random: random.fork('load'),
    nowMs,
    onAcknowledged: () => clock.acknowledged(),
  });
  const { kinds, everyMs } = options;
  const nemesis = new Nemesis({ arena, random: random.fork('nemesis'), kinds, everyMs });
  await nemesis.rage(options.durationMs, options.calledOff ?? never);
  const availability = clock.availability();
  arena.tell('healing');
  await load.stop();
  const findings = await verify(arena, { written: load.written, history: load.history, complaints });
  const report: ChaosReport = {
    seed: options.seed,
    members: options.members,
    seconds: (nowMs() - startedMs) / 1_000,
    faults: nemesis.counts,
    damage,
    events,
    writes: load.writes,
    operations: load.operations,
    availability,
    findings,
  };
  return { report, history: load.history };
}

/** An arena, and what it is told, collected. */
function createArena(
  supervisor: Supervisor,
  { tell, clock }: { readonly tell: (line: string) => void; readonly clock: WriteClock },
): {
  readonly arena: Arena;
  readonly complaints: readonly string[];
  readonly damage: ChaosReport['damage'];
} {
  const members = supervisor.view().members.map(({ id }) => id);
  const complaints: string[] = [];
  const damage = { unharmed: 0, repaired: 0, refusedAndReplaced: 0 };
  const arena: Arena = {
    supervisor,
    members,
    budget: new FaultBudget(members, (majority) => clock.majority(majority)),
    tell,
    complain: (what) => {
      tell(`NOT EXPECTED: ${what}`);
      complaints.push(what);
    },
    healed: (how) => {
      damage[how] += 1;
    },
  };
  return { arena, complaints, damage };
}
