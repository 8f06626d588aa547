/** Processes that end, come back, or stand still; clocks that jump. */

import type { SimMember } from '../member.ts';
import { type Field, happened, type Mend, pickRunning } from './field.ts';

const loopDeaths = 6;
const loopPauseMaxMs = 400;
const jumpMaxMs = 3_600_000;

export function crash(field: Field): Mend | null {
  const target = pickRunning(field);
  if (target === null) return null;
  happened(field, 'crash', target.name);
  kill(field, target);
  return () => target.start();
}

/** Dies again soon after each start. */
export function crashLoop(field: Field): Mend | null {
  const target = pickRunning(field);
  if (target === null) return null;
  happened(field, 'crashLoop', target.name);
  let over = false;
  const die = (left: number): void => {
    if (over) return;
    kill(field, target);
    if (left === 0) return;
    field.scheduler.after(field.random.below(loopPauseMaxMs), () => {
      if (over) return;
      target.start();
      field.scheduler.after(field.random.below(loopPauseMaxMs), () => die(left - 1));
    });
  };
  die(field.random.below(loopDeaths));
  return () => {
    over = true;
    target.start();
  };
}

export function powerCut(field: Field): Mend | null {
  const target = pickRunning(field);
  if (target === null) return null;
  happened(field, 'powerCut', target.name);
  cutPower(field, target);
  return () => target.start();
}

/** Power is cut just when something is being written. */
export function tornWrite(field: Field): Mend | null {
  const target = pickRunning(field);
  if (target === null) return null;
  let over = false;
  target.directory.disk.whenWriting(() => {
    if (!over && target.state === 'up') cutPower(field, target);
  });
  return () => {
    over = true;
    target.start();
  };
}

/** Everybody at once. */
export function blackout(field: Field): Mend | null {
  happened(field, 'blackout', 'all');
  const { members } = field.ensemble;
  for (const member of members) cutPower(field, member);
  return () => {
    for (const member of members) member.start();
  };
}

export function pause(field: Field): Mend | null {
  const target = pickRunning(field);
  if (target === null) return null;
  happened(field, 'pause', target.name);
  target.pause();
  return () => target.resume();
}

export function clockJump(field: Field): Mend | null {
  const target = field.random.pick(field.ensemble.members);
  const byMs = field.random.below(2 * jumpMaxMs) - jumpMaxMs;
  happened(field, 'clockJump', `${target.name} by ${byMs} ms`);
  target.wall.jump(byMs);
  return () => target.wall.jump(-byMs);
}

export function clockDrift(field: Field): Mend | null {
  const target = field.random.pick(field.ensemble.members);
  const rate = field.random.pick([0, 0.5, 0.99, 1.01, 2, 10]);
  happened(field, 'clockDrift', `${target.name} at ${rate}`);
  target.wall.drift(rate);
  return () => target.wall.drift(1);
}

/** A disk that lies loses what it holds in memory, which the member's mark on disk gives away. */
export function kill(field: Field, target: SimMember): void {
  if (target.state === 'up' && target.diskFaults.sync === 'lying') {
    field.counts.lostSync += 1;
    field.trace.say(`fault lostSync: ${target.name}`);
  }
  target.end('killed');
}

/**
 * Without power. A disk that is damaged as well, and loses its marks, has lost acknowledgements that
 * nobody can miss (wal/recovery.ts): beyond what the promises allow, so such a member is killed instead.
 */
function cutPower(field: Field, target: SimMember): void {
  if (target.damaged) {
    kill(field, target);
    return;
  }
  const torn = target.end('withoutPower');
  field.trace.say(`${target.name} without power, ${torn} writes torn`);
  field.counts.tornWrite += torn;
}
