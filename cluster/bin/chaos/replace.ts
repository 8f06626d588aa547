/** Replaces a member as an operator would, and goes on with it when faults get in the way. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arena } from './arena.ts';

const pollMs = 100;
/** Elections, a snapshot and the log, while other members are struck. */
const replaceTimeoutMs = 120_000;

/** Settles when the member is a voter again, under a new incarnation, or has been too long about it. */
export async function replaceMember(arena: Arena, id: number): Promise<void> {
  const { changes } = arena.supervisor;
  let ours: string | null = null;
  let why = 'it was never begun';
  for (const startedMs = performance.now(); performance.now() - startedMs < replaceTimeoutMs; ) {
    const { current, unfinished } = changes;
    if (current !== null && current.id === ours && current.state === 'done') {
      arena.tell(`member ${id} is replaced`);
      return;
    }
    if (current?.state === 'running') why = `it is in step ${current.step}`;
    else if (unfinished !== null) changes.resume();
    else {
      const begun = changes.begin({ kind: 'replace', member: id });
      if (begun.ok) ours = begun.value.id;
      else why = begun.error.what;
    }
    await sleep(pollMs);
  }
  arena.complain(`member ${id} was not replaced in ${replaceTimeoutMs / 1_000} s: ${why}`);
}
