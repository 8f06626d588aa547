/**
 * What the promises allow: at any time only a minority of the voters' disks may have lost or garbled
 * what they once kept. Everything beyond that would make a failure no bug. A disk is whole again when
 * its member, started after the damage, holds everything that is committed, repairs no longer, and every
 * byte of it can be read again.
 */
import type { MemberId } from '../../base/ids.ts';
import { verifyWal } from '../../wal/offline/verify.ts';
import type { SimEnsemble } from '../ensemble.ts';
import type { SimMember } from '../member.ts';

interface Damage {
  /** Starts of the member's process before the damage. */
  lives: number;
}

export class DamageBudget {
  readonly #damaged = new Map<MemberId, Damage>();
  readonly #ensemble: SimEnsemble;
  readonly #committed: () => number;
  /** A change of the membership is under way: who is a minority may change with it. */
  #changes = 0;

  constructor(ensemble: SimEnsemble, committed: () => number) {
    this.#ensemble = ensemble;
    this.#committed = committed;
  }

  /** Whether this member's disk may be damaged now, beside those that are. */
  allows(member: SimMember): boolean {
    if (this.#changes > 0 || this.#damaged.has(member.id) || member.state === 'refused') return false;
    this.review();
    const { voters, outgoing } = this.#ensemble.membership;
    const smallest = Math.min(voters.length, outgoing.length === 0 ? voters.length : outgoing.length);
    const unwell = this.#ensemble.members.filter(({ state }) => state === 'refused').length;
    return (this.#damaged.size + unwell + 1) * 2 < smallest;
  }

  /** Call it before the damage is done. */
  damage(member: SimMember): void {
    this.#damaged.set(member.id, { lives: member.lives });
    member.damaged = true;
  }

  /** The disk did not lose anything after all. */
  spared(member: SimMember): void {
    this.#damaged.delete(member.id);
    member.damaged = false;
  }

  /** The member has another directory now. */
  replaced(member: SimMember): void {
    this.#damaged.delete(member.id);
    member.damaged = false;
  }

  /** Whether anything is damaged now, this member aside. */
  othersDamaged(except: MemberId | null): boolean {
    this.review();
    const unwell = this.#ensemble.members.some(({ id, state }) => state === 'refused' && id !== except);
    return unwell || [...this.#damaged.keys()].some((id) => id !== except);
  }

  /** A membership change begins; the returned function ends it. */
  beginChange(): () => void {
    this.#changes += 1;
    let ended = false;
    return () => {
      if (!ended) this.#changes -= 1;
      ended = true;
    };
  }

  /** Forgets the damage that was repaired. */
  review(): void {
    for (const [id, { lives }] of this.#damaged) {
      const member = this.#ensemble.member(id);
      const status = member.replica?.status;
      if (status === undefined || member.lives <= lives || status.repairing) continue;
      if (member.diskFaults.sync !== 'honest' || status.persisted < this.#committed()) continue;
      // What a snapshot covers is not missed, and stays damaged until its segment is dropped.
      if (verifyWal(member.directory.disk.look()).isWhole) this.spared(member);
    }
  }
}
