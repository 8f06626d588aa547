/** What a seed decides before the run: sizes, rates and the faults that may happen (swarm testing). */
import type { FaultKind } from './fault-kinds.ts';
import type { NetworkOptions } from './network.ts';
import type { RunRequest } from './outcome.ts';
import type { SeededRandom } from './random.ts';

export interface SimOptions {
  readonly members: 3 | 5;
  readonly clients: number;
  readonly inFlightMax: number;
  /** Virtual milliseconds between a client's answers and its next requests. */
  readonly thinkMs: number;
  readonly network: NetworkOptions;
  /** Mean virtual milliseconds between faults. */
  readonly faultEveryMs: number;
  /** Weight of each kind of fault; 0 leaves it out. */
  readonly faults: Readonly<Record<FaultKind, number>>;
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

function draw(random: SeededRandom): SimOptions {
  const some = (value: number) => (random.chance(0.7) ? value : 0);
  const delayMinMs = random.between({ min: 0, max: 2 });
  return {
    members: random.pick([3, 3, 5] as const),
    clients: random.between({ min: 1, max: 6 }),
    inFlightMax: random.pick([1, 1, 2, 8, 32]),
    network: {
      delayMinMs,
      delayMaxMs: delayMinMs + random.pick([0, 1, 5, 40]),
      loss: some(random.pick([0.001, 0.01, 0.05, 0.2])),
      duplication: some(random.pick([0.001, 0.01, 0.1])),
    },
    faultEveryMs: random.pick([500, 1_500, 4_000]),
    faults: { crash: some(4), pause: some(2), partition: some(3), oneWay: some(2) },
    thinkMs: random.pick([100, 400, 400, 2_000]),
  };
}
