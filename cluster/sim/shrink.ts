/**
 * Makes a failing run smaller: fewer ticks, fewer kinds of faults, fewer clients, as long as the same
 * checker still fails. Each try is a whole run, so the caller says when it has had enough.
 */
import { type FaultKind, faultKinds } from './fault-kinds.ts';
import type { RunFailure, RunOutcome } from './outcome.ts';
import type { RunRequest } from './request.ts';

const tickMs = 10;

export async function shrink(
  failure: RunFailure,
  tools: {
    readonly run: (request: RunRequest) => Promise<RunOutcome>;
    readonly enough: () => boolean;
  },
): Promise<RunFailure> {
  let smallest = failure;
  const attempt = async (change: Partial<RunRequest>): Promise<boolean> => {
    if (tools.enough()) return false;
    const outcome = await tools.run({ ...smallest.request, ...change });
    if (outcome.kind === 'passed' || outcome.failure.checker !== failure.checker) return false;
    smallest = outcome.failure;
    return true;
  };
  await shrinkTicks(failure, (ticks) => attempt({ ticks }));
  for (const kind of faultKinds) {
    if (smallest.faults[kind] > 0) await attempt({ without: [...smallest.request.without, kind] });
  }
  for (const clientsMax of [1, 2, 3]) if (await attempt({ clientsMax })) break;
  await shrinkTicks(smallest, (ticks) => attempt({ ticks }));
  return smallest;
}

/** Ends right behind the failure; a run that fails only after healing is halved as often as that works. */
async function shrinkTicks(
  { request, virtualMs }: RunFailure,
  attempt: (ticks: number) => Promise<boolean>,
): Promise<void> {
  const failedAt = Math.ceil(virtualMs / tickMs) + 1;
  if (failedAt < request.ticks) {
    await attempt(failedAt);
    return;
  }
  let ticks = Math.floor(request.ticks / 2);
  while (ticks > 0 && (await attempt(ticks))) ticks = Math.floor(ticks / 2);
}

/** The options that repeat a request on the command line. */
export function replayArguments({ seed, ticks, without, clientsMax }: RunRequest): string {
  const left: string = without.length === 0 ? '' : ` --without ${without.join(',')}`;
  const clients = clientsMax === null ? '' : ` --clients ${clientsMax}`;
  return `--seed ${seed} --ticks ${ticks}${left}${clients}`;
}

/** Reads a list such as `crash,pause`; null when a name is none of a fault. */
export function parseFaultKinds(text: string): readonly FaultKind[] | null {
  const names = text.split(',').filter((name) => name !== '');
  return names.every((name) => faultKinds.includes(name as FaultKind)) ? (names as FaultKind[]) : null;
}
