/**
 * Flips bits in a stopped member's files and starts it again. Either it works, having repaired itself where
 * anything it needs was hit, or it stops with an error that says what is wrong; then it is replaced.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Arena, memberOf, must, type Strike } from './arena.ts';
import { flipBits } from './bit-flip.ts';
import { replaceMember } from './replace.ts';

const pollMs = 50;
/** From its start to having everything again, faults on other members included. */
const repairTimeoutMs = 60_000;

/** The member comes back as a part of the strike's end. */
export async function damageAndRestart(arena: Arena, strike: Strike): Promise<() => Promise<void>> {
  const [id] = strike.victims;
  if (id === undefined) return async () => undefined;
  const { supervisor, budget } = arena;
  const how = strike.random.pick(['kill', 'stop'] as const);
  await must(arena, `${how} member ${id}`, supervisor.operate(id, how));
  budget.damage(id);
  const count = strike.random.pick([1, 1, 1, 3, 16]);
  const flips = flipBits(memberOf(arena, id).dataFolder, { random: strike.random, count });
  for (const { file, offset } of flips ?? [])
    arena.tell(`member ${id}: a bit of ${file} at ${offset} flipped`);
  return () => comeBack(arena, id);
}

async function comeBack(arena: Arena, id: number): Promise<void> {
  const started = await arena.supervisor.operate(id, 'start');
  if (!started.ok) {
    await refused(arena, id);
    return;
  }
  let wasRepairing = false;
  for (const startedMs = performance.now(); performance.now() - startedMs < repairTimeoutMs; ) {
    const { process, report } = memberOf(arena, id);
    if (process.kind === 'crashed') {
      await refused(arena, id);
      return;
    }
    if (report?.repairing === true) wasRepairing = true;
    if (report !== null && !report.repairing && report.serving) {
      arena.budget.repaired(id);
      arena.healed(wasRepairing ? 'repaired' : 'unharmed');
      return;
    }
    await sleep(pollMs);
  }
  arena.complain(`member ${id} did not repair itself in ${repairTimeoutMs / 1_000} s`);
}

async function refused(arena: Arena, id: number): Promise<void> {
  const { process } = memberOf(arena, id);
  const reason = process.kind === 'crashed' ? process.reason : null;
  if (reason === null) {
    arena.complain(`member ${id} ended without an error that says why, after its files were damaged`);
    return;
  }
  arena.tell(`member ${id} refuses its files: ${reason}`);
  await replaceMember(arena, id);
  arena.budget.repaired(id);
  arena.healed('refusedAndReplaced');
}
