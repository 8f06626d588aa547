/**
 * The worst day: every process is down, and the directories of a majority are destroyed. One survivor is
 * made the whole ensemble by force (wal/offline), and everybody else comes back with an empty directory.
 * What only the destroyed held may be lost; the checkers are told from where on.
 */
import { term } from '../../base/ids.ts';
import { isJoint } from '../../base/membership.ts';
import { Violation } from '../../check/violation.ts';
import { noDiskFaults } from '../../fault/disk-faults.ts';
import { decodeHardState, encodeHardState } from '../../raft/codec.ts';
import { compareDirectories } from '../../wal/offline/compare.ts';
import { forceRecovery } from '../../wal/offline/force-recovery.ts';
import { planRecovery, type RecoveryPlan } from '../../wal/offline/recovery-plan.ts';
import { SimDisk } from '../disk.ts';
import type { SimMember } from '../member.ts';
import { type Field, happened } from './field.ts';

/** Whether there is an ensemble to destroy, with nobody's disk damaged and no change under way. */
export function mayStrike({ ensemble, budget }: Field): boolean {
  const { membership } = ensemble;
  const voters = ensemble.seated.filter(({ id }) => membership.voters.some((seat) => seat.id === id));
  return (
    membership.voters.length >= 2 &&
    voters.length === membership.voters.length &&
    !isJoint(membership) &&
    !budget.othersDamaged(null)
  );
}

/**
 * Strikes and recovers. Calls `restore` with the machines that are to come back when the survivor has
 * been started. Throws a `Violation` when recovery is refused.
 */
export async function strike(field: Field, restore: (machines: readonly SimMember[]) => void): Promise<void> {
  const { ensemble, clients, random } = field;
  const doomed = pickDoomed(field);
  const survivors = ensemble.seated.filter((member) => !doomed.includes(member));
  for (const member of ensemble.members) {
    member.setDiskFaults(noDiskFaults);
    member.hold();
  }
  for (const client of clients) client.cutOff();
  for (const member of doomed) ensemble.wipe(member);
  happened(field, 'forcedRecovery', `destroyed ${doomed.map(({ id }) => id).join(',')}`);
  const { survivor, plan } = choose(survivors);
  field.trace.say(`recovers from ${survivor.name}: ${plan.last.index} entries, term ${plan.term}`);
  const recovered = await forceRecovery({
    disk: survivor.directory.disk.open((callback) => callback()),
    archive: new SimDisk(field).open((callback) => callback()),
    plan,
    hardState: encodeHardState({ term: plan.term, votedFor: null }),
  });
  if (!recovered.ok) throw new Violation('forced recovery', recovered.error.what);
  field.recovered(plan.last.index);
  for (const member of ensemble.members) member.release();
  survivor.start();
  const others = [...survivors.filter((member) => member !== survivor), ...doomed];
  // Old directories come back now and then: they must be refused.
  for (const member of others) if (random.chance(0.5)) member.start();
  restore(others);
}

/** A majority of the voters, but not all of them. */
function pickDoomed({ ensemble, random }: Field): readonly SimMember[] {
  const { voters } = ensemble.membership;
  const candidates = ensemble.seated.filter(({ id }) => voters.some((seat) => seat.id === id));
  const majority = Math.floor(voters.length / 2) + 1;
  const count = random.between({ min: majority, max: Math.max(majority, voters.length - 1) });
  const doomed = new Set<SimMember>();
  while (doomed.size < Math.min(count, candidates.length - 1)) doomed.add(random.pick(candidates));
  return [...doomed];
}

function choose(survivors: readonly SimMember[]): {
  readonly survivor: SimMember;
  readonly plan: RecoveryPlan;
} {
  const comparison = compareDirectories(
    survivors.map((member) => ({
      name: member.name,
      disk: member.directory.disk.open((callback) => callback()),
    })),
  );
  const survivor = survivors.find(({ name }) => name === comparison.recommended);
  if (survivor === undefined) throw new Violation('forced recovery', 'no survivor is recommended');
  const plan = planRecovery(comparison, {
    survivor: survivor.name,
    termOf: (bytes) => {
      const hardState = decodeHardState(bytes);
      return hardState.ok ? hardState.value.term : term(0);
    },
  });
  if (!plan.ok) throw new Violation('forced recovery', `${survivor.name} is refused: ${plan.error.kind}`);
  return { survivor, plan: plan.value };
}
