/**
 * Somebody who looks after the ensemble while it suffers: hands leadership over, takes snapshots, adds,
 * promotes, removes and replaces members, one change at a time, asking again until it is done or given up.
 */
import type { MemberId } from '../../base/ids.ts';
import { isJoint, isVoter, seatOf, seatsOf } from '../../base/membership.ts';
import type { Operation } from '../../replica/operations.ts';
import type { FaultKind } from '../fault-kinds.ts';
import type { SimMember } from '../member.ts';
import { mayStrike, strike } from './disaster.ts';
import { type Field, happened, pickRunning } from './field.ts';

const askAgainMs = 250;
/** In manual election mode. */
const campaignAfterMs = 1_000;
/** A change that is not through by then is given up: whatever stands then is as good. */
const asksMax = 40;
const machinesMax = 9;
const votersMax = 7;

export class Operator {
  readonly #field: Field;
  #busy = false;
  #recovered = false;
  #active = true;

  constructor(field: Field, elections: 'automatic' | 'manual') {
    this.#field = field;
    if (elections === 'manual') this.#keepLed();
  }

  /** True while a change is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  begin(kind: FaultKind): void {
    switch (kind) {
      case 'transfer':
        return this.#transfer();
      case 'campaign':
        return this.#campaign();
      case 'snapshot':
        return this.#snapshot();
      case 'addMember':
        return this.#addMember();
      case 'promote':
        return this.#promoteSome();
      case 'removeMember':
        return this.#removeSome();
      case 'replaceMember':
        return this.#replaceSome();
      case 'forcedRecovery':
        return this.#recover();
      default:
        return;
    }
  }

  /** Everything is healed: who cannot start any more gets a new directory, and nothing else is begun. */
  tidyUp(): void {
    this.#active = false;
    this.#replaceRefused();
  }

  #transfer(): void {
    const { ensemble, random } = this.#field;
    const leader = ensemble.leader;
    if (leader === null) return;
    const { voters } = leader.replica.status.membership;
    const to = random.chance(0.3) || voters.length === 0 ? null : random.pick(voters).id;
    if (this.#ask(leader.member, { kind: 'transfer', to }))
      happened(this.#field, 'transfer', `${leader.member.id} to ${to ?? 'the best'}`);
  }

  #campaign(): void {
    const target = pickRunning(this.#field);
    if (target !== null && this.#ask(target, { kind: 'campaign' }))
      happened(this.#field, 'campaign', target.name);
  }

  /** Where nobody campaigns by itself, the operator asks somebody to, now and then the wrong one. */
  #keepLed(): void {
    this.#field.scheduler.after(campaignAfterMs, () => {
      if (this.#field.ensemble.leader === null) this.#campaign();
      this.#keepLed();
    });
  }

  #snapshot(): void {
    const target = pickRunning(this.#field);
    if (target !== null && this.#ask(target, { kind: 'snapshot' }))
      happened(this.#field, 'snapshot', target.name);
  }

  #addMember(): void {
    const { ensemble, trace } = this.#field;
    if (this.#busy || ensemble.members.length >= machinesMax) return;
    if (seatsOf(ensemble.membership).length >= votersMax) return;
    const machine = ensemble.addMachine();
    machine.start();
    trace.say(`operator adds ${machine.name}`);
    this.#changing(
      () => this.#seatedAs('learner', machine.id),
      () => ({ kind: 'changeMembership', change: { kind: 'addLearner', seat: machine.seat } }),
      (done) => {
        if (done) happened(this.#field, 'addMember', machine.name);
      },
    );
  }

  #promoteSome(): void {
    const { learners } = this.#field.ensemble.membership;
    if (this.#busy || learners.length === 0 || this.#field.budget.othersDamaged(null)) return;
    // Two at once now and then: then the old majority and the new one need not overlap.
    const chosen = this.#field.random.pick(learners).id;
    const other = learners.find(({ id }) => id !== chosen)?.id;
    this.#promote(other === undefined || this.#field.random.chance(0.5) ? [chosen] : [chosen, other]);
  }

  #promote(ids: readonly MemberId[], then: () => void = () => undefined): void {
    this.#changing(
      () => ids.every((id) => this.#seatedAs('voter', id)),
      () => ({ kind: 'changeMembership', change: { kind: 'promote', ids } }),
      (done) => {
        if (done) happened(this.#field, 'promote', `members ${ids.join(', ')}`);
        then();
      },
    );
  }

  #removeSome(): void {
    const { ensemble, random, budget } = this.#field;
    const { voters } = ensemble.membership;
    const seats = seatsOf(ensemble.membership);
    if (this.#busy || seats.length < 2 || budget.othersDamaged(null)) return;
    const chosen = random.pick(seats).id;
    const other = seats.find(({ id }) => id !== chosen)?.id;
    const ids = other === undefined || random.chance(0.5) ? [chosen] : [chosen, other];
    if (voters.every(({ id }) => ids.includes(id))) return;
    this.#remove(ids, (done) => {
      if (done) happened(this.#field, 'removeMember', `members ${ids.join(', ')}`);
    });
  }

  #replaceSome(): void {
    const { ensemble, random, budget } = this.#field;
    const { voters } = ensemble.membership;
    if (this.#busy || voters.length < 3) return;
    const refused = ensemble.members.find(({ state }) => state === 'refused');
    const target = refused?.id ?? random.pick(voters).id;
    if (budget.othersDamaged(target)) return;
    this.#replace(target);
  }

  /** Once a run: it takes long, and all sessions end with it. */
  #recover(): void {
    if (this.#busy || this.#recovered || !mayStrike(this.#field)) return;
    this.#recovered = true;
    this.#busy = true;
    const endChange = this.#field.budget.beginChange();
    this.#field.background(
      strike(this.#field, (machines) => {
        endChange();
        this.#busy = false;
        this.#restore(machines);
      }),
    );
  }

  /** One after the other: an empty directory, learner, voter. */
  #restore(machines: readonly SimMember[]): void {
    const [next, ...later] = machines;
    if (next === undefined) return;
    const { ensemble } = this.#field;
    ensemble.wipe(next);
    next.start();
    this.#changing(
      () => this.#seatedAs('learner', next.id),
      () => ({ kind: 'changeMembership', change: { kind: 'addLearner', seat: next.seat } }),
      (added) => {
        if (added) this.#promote([next.id], () => this.#restore(later));
        else this.#restore(later);
      },
    );
  }

  #replaceRefused(): void {
    const { ensemble, scheduler } = this.#field;
    const refused = ensemble.seated.find(({ state }) => state === 'refused');
    if (refused !== undefined && !this.#busy) this.#replace(refused.id);
    scheduler.after(askAgainMs, () => this.#replaceRefused());
  }

  /** Remove, then an empty directory under the same id: learner, then voter. Never the other way round. */
  #replace(id: MemberId): void {
    const { ensemble, budget, trace } = this.#field;
    trace.say(`operator replaces member ${id}`);
    const wasVoter = isVoter(ensemble.membership, id);
    this.#remove([id], (removed) => {
      if (!removed) return;
      const member = ensemble.member(id);
      ensemble.wipe(member);
      budget.replaced(member);
      member.start();
      this.#changing(
        () => this.#seatedAs('learner', id),
        () => ({ kind: 'changeMembership', change: { kind: 'addLearner', seat: member.seat } }),
        (added) => {
          if (!added) return;
          happened(this.#field, 'replaceMember', `member ${id}`);
          if (wasVoter) this.#promote([id]);
        },
      );
    });
  }

  #remove(ids: readonly MemberId[], ended: (done: boolean) => void): void {
    this.#changing(
      () => ids.every((id) => this.#seatedAs('nobody', id)),
      () => ({ kind: 'changeMembership', change: { kind: 'remove', ids } }),
      ended,
    );
  }

  /** Asks whoever leads, until it is done, or often enough. */
  #changing(done: () => boolean, operation: () => Operation, ended: (done: boolean) => void): void {
    this.#busy = true;
    const endChange = this.#field.budget.beginChange();
    const ask = (left: number): void => {
      const isDone = done();
      if (isDone || left === 0) {
        endChange();
        this.#busy = false;
        ended(isDone);
        return;
      }
      const leader = this.#field.ensemble.leader;
      if (leader !== null) this.#ask(leader.member, operation());
      this.#field.scheduler.after(askAgainMs, () => ask(left - 1));
    };
    ask(this.#active ? asksMax : 4 * asksMax);
  }

  /** Whether a membership is committed, not joint, in which this machine's directory is that. */
  #seatedAs(what: 'voter' | 'learner' | 'nobody', id: MemberId): boolean {
    const { membership } = this.#field.ensemble;
    if (isJoint(membership)) return false;
    const seat = seatOf(membership, id);
    if (what === 'nobody') return seat === null;
    if (seat?.incarnation !== this.#field.ensemble.member(id).seat.incarnation) return false;
    return isVoter(membership, id) === (what === 'voter');
  }

  #ask(member: SimMember, operation: Operation): boolean {
    const { replica } = member;
    if (replica === null || member.paused) return false;
    const answer = replica.request(operation);
    const told = answer.ok ? 'taken' : answer.error;
    this.#field.trace.say(`operator asks ${member.id}: ${JSON.stringify(operation)}: ${told}`);
    return answer.ok;
  }
}
