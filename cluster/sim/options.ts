/** What a seed decides before the run: sizes, rates, settings and what may happen (swarm testing). */
import type { EnsembleSettings } from '../api/settings.ts';
import { type FaultKind, faultKinds } from './fault-kinds.ts';
import type { NetworkOptions } from './network.ts';
import type { SeededRandom } from './random.ts';
import type { RunRequest } from './request.ts';
import type { Mix } from './workload.ts';

export interface SimOptions {
  /** Length of a member's tick, the unit of its timeouts. */
  readonly tickMs: number;
  /** Founders. */
  readonly members: number;
  readonly clients: number;
  readonly inFlightMax: number;
  /** Mean virtual milliseconds between a client's answers and its next requests. */
  readonly thinkMs: number;
  readonly sessionTimeoutMs: number;
  /** Probability that a client leaves its session after an answer. */
  readonly leaves: number;
  readonly mix: Mix;
  /** Znodes that all clients write; few of them make conflicts. */
  readonly registers: number;
  readonly dataBytesMax: number;
  readonly network: NetworkOptions;
  /** Mean virtual milliseconds between faults. */
  readonly faultEveryMs: number;
  /** Weight of each kind of fault; 0 leaves it out. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly settings: Pick<
    EnsembleSettings,
    'elections' | 'preVote' | 'checkQuorum' | 'linearizableReads' | 'slowDiskMs' | 'snapshots'
  >;
}

/** What the seed draws, within what the request leaves. */
export function drawOptions(
  random: SeededRandom,
  request: Pick<RunRequest, 'without' | 'clientsMax'>,
): SimOptions {
  const drawn = draw(random);
  const faults = { ...drawn.faults };
  for (const kind of request.without) faults[kind] = 0;
  return { ...drawn, faults, clients: Math.min(drawn.clients, request.clientsMax ?? drawn.clients) };
}

/** Well below the time that a healed ensemble has to answer everybody. */
const thinkMaxMs = 20_000;

function draw(random: SeededRandom): SimOptions {
  const delayMinMs = random.between({ min: 0, max: 2 });
  const clients = random.between({ min: 1, max: 6 });
  const inFlightMax = random.pick([1, 1, 2, 8, 32]);
  // Who asks for much at once takes longer over it, so that no seed is busy all the time.
  const thinkMs = Math.min(thinkMaxMs, inFlightMax * random.pick([70, 200, 600, 2_000]));
  const requestsPerSecond = (clients * inFlightMax * 1_000) / thinkMs;
  return {
    tickMs: random.pick([10, 10, 20, 40]),
    members: random.pick([1, 2, 3, 3, 3, 3, 3, 4, 5, 5, 5, 6, 7]),
    clients,
    inFlightMax,
    thinkMs,
    sessionTimeoutMs: random.pick([4_000, 10_000]),
    leaves: random.pick([0, 0, 0.01, 0.05]),
    mix: drawMix(random),
    // With much in flight on few of them, nobody could tell which order explains it all.
    registers: inFlightMax > 8 ? 20 : random.pick([1, 2, 5]),
    dataBytesMax: random.pick([20, 200, 20_000]),
    network: {
      delayMinMs,
      delayMaxMs: delayMinMs + random.pick([0, 1, 5, 40]),
      loss: random.pick([0, 0.001, 0.01, 0.05, 0.2]),
      duplication: random.pick([0, 0.001, 0.01, 0.1]),
    },
    faultEveryMs: random.pick([500, 1_500, 4_000, 15_000]),
    faults: drawFaults(random),
    settings: drawSettings(random, requestsPerSecond),
  };
}

function drawMix(random: SeededRandom): Mix {
  const some = () => (random.chance(0.7) ? random.between({ min: 1, max: 4 }) : 0);
  return {
    append: 1 + some(),
    multi: some(),
    register: 1 + some(),
    freshRead: 1 + some(),
    read: some(),
    watch: some(),
    ephemeral: some(),
  };
}

/** Some kinds in every run, so that each meets every other alone and in company. */
function drawFaults(random: SeededRandom): Readonly<Record<FaultKind, number>> {
  const share = random.pick([0.15, 0.4, 0.7]);
  return Object.fromEntries(
    faultKinds.map((kind) => [kind, random.chance(share) ? random.between({ min: 1, max: 4 }) : 0]),
  ) as Record<FaultKind, number>;
}

/** A snapshot costs as much as the whole store: who writes much takes fewer. */
function drawSettings(random: SeededRandom, requestsPerSecond: number): SimOptions['settings'] {
  return {
    elections: random.chance(0.07) ? 'manual' : 'automatic',
    preVote: random.chance(0.85) ? 'on' : 'off',
    checkQuorum: random.chance(0.85) ? 'on' : 'off',
    linearizableReads: random.chance(0.1) ? 'on' : 'off',
    slowDiskMs: random.chance(0.2) ? 50 : null,
    snapshots: {
      everyEntries: Math.ceil(random.pick([20, 50, 150, 500]) * Math.max(1, requestsPerSecond / 4)),
      everyBytes: 64 * 1024 * 1024,
      kept: random.pick([1, 2, 3]),
      logEntriesKept: random.pick([0, 10, 100, 500]),
    },
  };
}
