/** What can happen to a live ensemble: how often, to whom, for how long, and its exact undo. */

import type { ActionRequest } from '../../api/changes.ts';
import { type DiskFaults, noDiskFaults } from '../../fault/disk-faults.ts';
import type { SeededRandom } from '../../sim/random.ts';
import type { MemberOperation } from '../../supervisor/supervisor.ts';
import { type Arena, must, type Strike } from './arena.ts';
import { type Cut, cutInTwo, oneWay, ring } from './cuts.ts';
import { damageAndRestart } from './damage.ts';
import { replaceMember } from './replace.ts';

export const faultKinds = [
  'kill',
  'blackout',
  'pause',
  'stop',
  'partition',
  'oneWay',
  'ring',
  'diskFull',
  'diskFailing',
  'diskSlow',
  'bitFlip',
  'replace',
  'transfer',
  'snapshot',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** How often it is drawn, against the others. */
  readonly weight: number;
  /** How many members it takes, of `members`. */
  readonly victims: (random: SeededRandom, members: number) => number;
  /** Chance, 0 to 1, that it strikes without regard for what is left: less than a majority, it may be. */
  readonly risk: number;
  /**
   * `links` and `membership`: one at a time, since cuts replace each other and changes wait for each other.
   * `disk` and `membership`: no more than a minority's disks at a time.
   */
  readonly touches: 'process' | 'links' | 'disk' | 'membership';
  readonly lastsMs: { readonly min: number; readonly max: number };
  /** Breaks something; the result mends it. */
  readonly strike: (arena: Arena, strike: Strike) => Promise<() => Promise<void>>;
}

const one = (): number => 1;
const minority = (_: SeededRandom, members: number): number => Math.floor((members - 1) / 2);
const some = (random: SeededRandom, members: number): number =>
  random.between({ min: 1, max: Math.max(1, minority(random, members)) });

export const faults: Readonly<Record<FaultKind, Fault>> = {
  kill: {
    weight: 24,
    victims: one,
    risk: 0.15,
    touches: 'process',
    lastsMs: { min: 0, max: 1_500 },
    strike: (arena, strike) => operate(arena, strike, ['kill', 'start']),
  },
  /** Everything dies at once, as when the power fails. */
  blackout: {
    weight: 1,
    victims: (_, members) => members,
    risk: 1,
    touches: 'process',
    lastsMs: { min: 0, max: 500 },
    strike: (arena, strike) => operate(arena, strike, ['kill', 'start']),
  },
  pause: {
    weight: 15,
    victims: some,
    risk: 0,
    touches: 'process',
    lastsMs: { min: 100, max: 4_000 },
    strike: (arena, strike) => operate(arena, strike, ['pause', 'resume']),
  },
  stop: {
    weight: 6,
    victims: one,
    risk: 0,
    touches: 'process',
    lastsMs: { min: 0, max: 2_000 },
    strike: (arena, strike) => operate(arena, strike, ['stop', 'start']),
  },
  partition: {
    weight: 12,
    victims: some,
    risk: 0,
    touches: 'links',
    lastsMs: { min: 300, max: 4_000 },
    strike: (arena, strike) => cut(arena, cutInTwo(arena.members, strike.victims)),
  },
  oneWay: {
    weight: 9,
    victims: one,
    risk: 0,
    touches: 'links',
    lastsMs: { min: 300, max: 4_000 },
    strike: (arena, { victims, random }) =>
      cut(arena, oneWay(arena.members, { victims, direction: random.pick(['to', 'from'] as const) })),
  },
  /** Each hears its two neighbours alone: a majority for every member, the same for no two. */
  ring: {
    weight: 3,
    victims: minority,
    risk: 0,
    touches: 'links',
    lastsMs: { min: 300, max: 4_000 },
    strike: (arena) => cut(arena, ring(arena.members)),
  },
  diskFull: {
    weight: 9,
    victims: some,
    risk: 0,
    touches: 'process',
    lastsMs: { min: 300, max: 4_000 },
    strike: (arena, strike) => spoil(arena, strike, { freeBytes: strike.random.below(64 * 1024) }),
  },
  diskFailing: {
    weight: 6,
    victims: one,
    risk: 0,
    touches: 'process',
    lastsMs: { min: 100, max: 3_000 },
    strike: (arena, strike) => spoil(arena, strike, { writes: 'failing' }),
  },
  diskSlow: {
    weight: 9,
    victims: some,
    risk: 0,
    touches: 'process',
    lastsMs: { min: 500, max: 5_000 },
    strike: (arena, strike) =>
      spoil(arena, strike, { syncDelayMs: strike.random.between({ min: 5, max: 400 }) }),
  },
  bitFlip: {
    weight: 9,
    victims: one,
    risk: 0,
    touches: 'disk',
    lastsMs: { min: 0, max: 300 },
    strike: damageAndRestart,
  },
  replace: {
    weight: 3,
    victims: one,
    risk: 0,
    touches: 'membership',
    lastsMs: { min: 0, max: 0 },
    strike: replace,
  },
  transfer: {
    weight: 9,
    victims: () => 0,
    risk: 0,
    touches: 'process',
    lastsMs: { min: 0, max: 0 },
    strike: (arena) => ask(arena, { kind: 'transfer', to: null }),
  },
  snapshot: {
    weight: 3,
    victims: () => 0,
    risk: 0,
    touches: 'process',
    lastsMs: { min: 0, max: 0 },
    strike: (arena) => ask(arena, { kind: 'snapshot', member: null }),
  },
};

const nothingToMend = async (): Promise<void> => undefined;

async function replace(arena: Arena, { victims }: Strike): Promise<() => Promise<void>> {
  for (const id of victims) {
    arena.budget.damage(id);
    await replaceMember(arena, id);
    arena.budget.repaired(id);
  }
  return nothingToMend;
}

/** Where other faults strike it may well not happen: that is no finding. */
async function ask(arena: Arena, request: ActionRequest): Promise<() => Promise<void>> {
  const done = await arena.supervisor.act(request);
  if (!done.ok) arena.tell(`${request.kind} did not happen: ${done.error.what}`);
  return nothingToMend;
}

async function operate(
  arena: Arena,
  { victims }: Strike,
  [breaking, mending]: readonly [MemberOperation, MemberOperation],
): Promise<() => Promise<void>> {
  const all = (operation: MemberOperation) =>
    Promise.all(
      victims.map((id) => must(arena, `${operation} member ${id}`, arena.supervisor.operate(id, operation))),
    );
  await all(breaking);
  return async () => void (await all(mending));
}

async function cut(arena: Arena, cuts: readonly Cut[]): Promise<() => Promise<void>> {
  const { supervisor } = arena;
  await Promise.all(cuts.map(({ id, links }) => must(arena, 'cut links', supervisor.cutLinks(id, links))));
  // One group of all members: every link between them works.
  return () => must(arena, 'mend links', supervisor.partition([arena.members]));
}

async function spoil(
  arena: Arena,
  { victims }: Strike,
  wrong: Partial<DiskFaults>,
): Promise<() => Promise<void>> {
  const set = (disk: DiskFaults) =>
    Promise.all(
      victims.map((id) =>
        must(arena, `set disk faults of member ${id}`, arena.supervisor.setDiskFaults(id, disk)),
      ),
    );
  await set({ ...noDiskFaults, ...wrong });
  return async () => void (await set(noDiskFaults));
}
