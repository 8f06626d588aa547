/** A real ensemble under load and under faults; then everything heals, and every promise is looked at. */

import type { TimelineEvent } from '../../api/timeline.ts';
import type { HistoryEvent } from '../../check/history.ts';
import { createZkClient } from '../../client/client.ts';
import { createSeededRandom } from '../../sim/random.ts';
import { childProcessSpawn } from '../../supervisor/child-process-spawn.ts';
import { createSupervisor, type Supervisor } from '../../supervisor/supervisor.ts';
import type { Arena } from './arena.ts';
import { FaultBudget } from './budget.ts';
import type { FaultKind } from './faults.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { Nemesis } from './nemesis.ts';
import { SerialWriters } from './serials.ts';
import { Sharers } from './sharers.ts';
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
const serialsFolder = '/serials';
const sharedFolder = '/shared';

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
}

const toldKinds = [
  'memberBecameLeader',
  'leadershipTransferred',
  'tailCut',
  'repairStarted',
  'repaired',
  'snapshotTaken',
  'snapshotInstalled',
  'compacted',
  'diskFull',
  'diskFailing',
  'diskRecovered',
  'changeFinished',
  'diverged',
  'fenced',
] as const satisfies readonly TimelineEvent['kind'][];
type ToldKind = (typeof toldKinds)[number];

export interface ChaosReport {
  readonly seed: string;
  readonly members: number;
  readonly seconds: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Members whose files were damaged, by what came of it. */
  readonly damage: Readonly<Record<'unharmed' | 'repaired' | 'refusedAndReplaced', number>>;
  /** What the members told of themselves meanwhile, by kind. */
  readonly events: Readonly<Record<ToldKind, number>>;
  readonly writes: { readonly acknowledged: number; readonly unknown: number; readonly refused: number };
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
  const servers = supervisor.view().connect;
  await makeFolders(servers);

  const complaints: string[] = [];
  const damage = { unharmed: 0, repaired: 0, refusedAndReplaced: 0 };
  const members = supervisor.view().members.map(({ id }) => id);
  const arena: Arena = {
    supervisor,
    members,
    budget: new FaultBudget(members),
    tell: (line) => options.tell(`${((nowMs() - startedMs) / 1_000).toFixed(1)} s: ${line}`),
    complain: (what) => {
      arena.tell(`NOT EXPECTED: ${what}`);
      complaints.push(what);
    },
    healed: (how) => {
      damage[how] += 1;
    },
  };
  const events = listen(arena);

  const clock = new WriteClock(nowMs);
  const history = new HistoryRecorder(nowMs);
  const onAcknowledged = () => clock.acknowledged();
  const serials = new SerialWriters({
    ...{ servers, folder: serialsFolder, name: 'w', onAcknowledged },
    writers: 8,
    pauseMs: 20,
  });
  const sharers = new Sharers({
    ...{ servers, folder: sharedFolder, history, nowMs, onAcknowledged, random: random.fork('sharers') },
    clients: 8,
    pauseMs: 40,
  });
  const { kinds, everyMs } = options;
  const nemesis = new Nemesis({ arena, random: random.fork('nemesis'), kinds, everyMs });
  await nemesis.rage(options.durationMs);
  const availability = clock.availability();
  arena.tell('healing');
  await Promise.all([serials.stop(), sharers.stop()]);
  const findings = await verify(arena, {
    serials: { folder: serialsFolder, serials },
    history: history.events,
    complaints,
  });
  const { acknowledged, unknown, refused } = serials;
  const writes = { acknowledged: acknowledged.size, unknown: unknown.size, refused: refused.size };
  const report: ChaosReport = {
    seed: options.seed,
    members: options.members,
    seconds: (nowMs() - startedMs) / 1_000,
    faults: nemesis.counts,
    damage,
    events,
    writes,
    operations: sharers.operations + writes.acknowledged + writes.unknown + writes.refused,
    availability,
    findings,
  };
  return { report, history: history.events };
}

/** Counts what the members tell, and complains of what no fault explains. */
function listen(arena: Arena): Readonly<Record<ToldKind, number>> {
  const counts = Object.fromEntries(toldKinds.map((kind) => [kind, 0])) as Record<ToldKind, number>;
  arena.supervisor.onEvent(({ kind, member, facts }) => {
    const told = toldKinds.find((one) => one === kind);
    if (told !== undefined) counts[told] += 1;
    const isStruck = member !== null && arena.budget.disturbed.has(member);
    if (kind === 'diverged' || kind === 'fenced' || (kind === 'memberCrashed' && !isStruck))
      arena.complain(`${kind} ${member ?? ''}: ${JSON.stringify(facts)}`);
  });
  return counts;
}

async function makeFolders(servers: string): Promise<void> {
  const client = createZkClient({ servers });
  for (const path of [serialsFolder, sharedFolder]) {
    const made = await client.create({ path });
    if (!made.ok) throw new Error(made.error.what);
  }
  await client.close();
}
