/** Disks that lie, rot, are slow, full or broken. What loses data is bounded by the damage budget. */

import { Violation } from '../../check/violation.ts';
import { noDiskFaults } from '../../fault/disk-faults.ts';
import type { SimMember } from '../member.ts';
import { type Field, happened, type Mend, pickRunning } from './field.ts';
import { kill } from './process-faults.ts';

/** Acknowledges appends that are in memory alone, and then its process is killed. */
export function lostSync(field: Field): Mend | null {
  const target = pickWorkingDisk(field);
  if (target === null || !field.budget.allows(target)) return null;
  field.budget.damage(target);
  field.trace.say(`disk of ${target.name} lies`);
  target.setDiskFaults({ ...noDiskFaults, sync: 'lying' });
  return () => {
    kill(field, target);
    target.setDiskFaults(noDiskFaults);
    target.start();
  };
}

/** One bit of one file, of a member that runs: most of its files it does not read before its next start. */
export function bitFlip(field: Field): Mend | null {
  const target = pickRunning(field);
  if (target === null || !field.budget.allows(target)) return null;
  field.budget.damage(target);
  const where = target.directory.disk.flipBit();
  if (where === null) {
    field.budget.spared(target);
    return null;
  }
  happened(field, 'bitFlip', `${target.name} ${where}`);
  return () => {
    kill(field, target);
    target.start();
  };
}

/** Every file is gone, and the process is started as if nothing had happened: it must refuse. */
export function amnesia(field: Field): Mend | null {
  const target = pickRunning(field);
  if (target === null || !field.budget.allows(target)) return null;
  field.budget.damage(target);
  happened(field, 'amnesia', target.name);
  kill(field, target);
  target.directory.disk.removeAll();
  target.start();
  if (target.state !== 'refused')
    throw new Violation('empty is not new', `${target.name} started from nothing`);
  return () => undefined;
}

export function slowDisk(field: Field): Mend | null {
  const target = pickWorkingDisk(field);
  if (target === null) return null;
  const syncDelayMs = field.random.pick([20, 100, 200, 1_000]);
  happened(field, 'slowDisk', `${target.name} by ${syncDelayMs} ms`);
  target.setDiskFaults({ ...noDiskFaults, syncDelayMs });
  return () => target.setDiskFaults(noDiskFaults);
}

export function fullDisk(field: Field): Mend | null {
  const target = pickWorkingDisk(field);
  if (target === null) return null;
  const freeBytes = field.random.pick([0, 100, 2_000]);
  happened(field, 'fullDisk', `${target.name}, ${freeBytes} bytes free`);
  target.setDiskFaults({ ...noDiskFaults, freeBytes });
  return () => target.setDiskFaults(noDiskFaults);
}

export function ioError(field: Field): Mend | null {
  const target = pickWorkingDisk(field);
  if (target === null) return null;
  happened(field, 'ioError', target.name);
  target.setDiskFaults({ ...noDiskFaults, writes: 'failing' });
  return () => target.setDiskFaults(noDiskFaults);
}

/** One fault a disk at a time. */
function pickWorkingDisk(field: Field): SimMember | null {
  const target = pickRunning(field);
  return target === null || target.diskFaults !== noDiskFaults ? null : target;
}
