/** Members that come and go while the others serve, over virtual time. */
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../api/settings.ts';
import { type MemberId, memberId } from '../base/ids.ts';
import type { MembershipChange, Seat } from '../base/membership.ts';
import type { SimMember } from '../sim/member.ts';
import { create, setData } from '../zk/testing/log.ts';
import { VirtualEnsemble } from './testing/virtual-ensemble.ts';

function change(ensemble: VirtualEnsemble, asked: MembershipChange): void {
  const leader = ensemble.replica(ensemble.leader);
  expect(leader.request({ kind: 'changeMembership', change: asked })).toEqual({ ok: true, value: null });
  ensemble.until('the change is complete', () => {
    const { membership, membershipIndex, commit } = leader.status;
    return membershipIndex <= commit && membership.outgoing.length === 0;
  });
}

function idsOf(seats: readonly Seat[]): readonly MemberId[] {
  return seats.map(({ id }) => id);
}

/** Adds a machine as a learner and makes it a voter once it has caught up. */
function addVoter(ensemble: VirtualEnsemble): SimMember {
  const added = ensemble.ensemble.addMachine();
  added.start();
  ensemble.run(200);
  change(ensemble, { kind: 'addLearner', seat: added.seat });
  ensemble.until('it has caught up', () => ensemble.agreed);
  change(ensemble, { kind: 'promote', ids: [added.id] });
  return added;
}

describe('a member that joins', () => {
  it('keeps quiet until it is taken in, then learns everything, and serves', () => {
    const ensemble = new VirtualEnsemble(3);
    const client = ensemble.openSession(ensemble.leader);
    client.ask(create('/before'));
    ensemble.run(200);
    const { term } = ensemble.replica(ensemble.leader).status;
    const joining = ensemble.ensemble.addMachine();
    joining.start();
    ensemble.run(5_000);
    expect(ensemble.replica(joining.id)).toMatchObject({ serving: false, status: { term: 0, leader: null } });
    change(ensemble, { kind: 'addLearner', seat: joining.seat });
    ensemble.until('it has caught up', () => ensemble.agreed);
    ensemble.run(1_000);
    const learner = ensemble.replica(joining.id);
    expect(learner).toMatchObject({ serving: true, status: { term } });
    expect(idsOf(learner.status.membership.learners)).toEqual([joining.id]);
    const itsClient = ensemble.openSession(joining.id);
    itsClient.ask(create('/by-the-learner'), { kind: 'exists', path: '/before', watch: false });
    ensemble.run(200);
    expect(itsClient.outcomes).toEqual(['created', 'stat']);
  });

  it('takes the place of another, which then counts for nothing', () => {
    const ensemble = new VirtualEnsemble(3, {
      snapshots: { ...defaultSettings.snapshots, everyEntries: 100, logEntriesKept: 20 },
    });
    const client = ensemble.openSession(ensemble.leader, { timeoutMs: 40_000 });
    for (let round = 0; round < 5; round += 1) {
      client.ask(...Array.from({ length: 100 }, () => setData('/', `${round}`)));
      ensemble.run(300);
    }
    const gone = ensemble.member(ensemble.follower);
    gone.end('withoutPower');
    const added = addVoter(ensemble);
    change(ensemble, { kind: 'remove', ids: [gone.id] });
    const { membership } = ensemble.replica(ensemble.leader).status;
    expect(idsOf(membership.voters)).toContain(added.id);
    expect(idsOf(membership.voters)).not.toContain(gone.id);
    expect(membership.removed).toEqual([gone.seat]);
    expect(ensemble.told('snapshotInstalled')).toHaveLength(1);
    expect(ensemble.told('membershipChanged')).toHaveLength(5);
    expect(client.closed).toBe(false);
    const third = ensemble.members.find(
      ({ id, replica }) => id !== added.id && replica?.status.role === 'follower',
    );
    third?.end('withoutPower');
    client.ask(create('/with-the-new-one'));
    ensemble.run(500);
    expect(client.outcomes.at(-1)).toBe('created');
  });
});

describe('a member that was removed', () => {
  it('says so and ends, once the others know', () => {
    const ensemble = new VirtualEnsemble(3);
    const { follower } = ensemble;
    change(ensemble, { kind: 'remove', ids: [follower] });
    ensemble.run(1_000);
    expect(ensemble.member(follower).state).toBe('removed');
    expect(ensemble.lines.some((line) => line.includes('was removed from the ensemble'))).toBe(true);
    expect(ensemble.agreed).toBe(true);
  });

  it('hands over first when it leads', () => {
    const ensemble = new VirtualEnsemble(3);
    const client = ensemble.openSession(ensemble.follower);
    const { leader } = ensemble;
    ensemble.replica(leader).request({
      kind: 'changeMembership',
      change: { kind: 'remove', ids: [leader] },
    });
    ensemble.until('it has ended', () => ensemble.member(leader).state === 'removed');
    client.ask(create('/after'));
    ensemble.run(1_000);
    expect({ outcomes: client.outcomes, closed: client.closed }).toEqual({
      outcomes: ['created'],
      closed: false,
    });
  });

  it('is refused by name when it comes back from its old directory', () => {
    const ensemble = new VirtualEnsemble(3);
    const gone = ensemble.member(ensemble.follower);
    gone.end('withoutPower');
    const { term } = ensemble.replica(ensemble.leader).status;
    change(ensemble, { kind: 'remove', ids: [gone.id] });
    expect(gone.state).toBe('down');
    gone.start();
    ensemble.until('it is told', () => gone.state === 'removed');
    expect(ensemble.replica(ensemble.leader).status.term).toBe(term);
  });

  it('leaves its number free for another directory, which is not taken for it', () => {
    const ensemble = new VirtualEnsemble(3);
    const machine = ensemble.member(ensemble.follower);
    machine.end('withoutPower');
    change(ensemble, { kind: 'remove', ids: [machine.id] });
    ensemble.ensemble.wipe(machine);
    machine.start();
    ensemble.run(1_000);
    change(ensemble, { kind: 'addLearner', seat: machine.seat });
    ensemble.until('it has caught up', () => ensemble.agreed);
    change(ensemble, { kind: 'promote', ids: [machine.id] });
    expect(machine.state).toBe('up');
    expect(ensemble.replica(machine.id).status.membership.voters).toHaveLength(3);
  });
});

describe('a change of the membership', () => {
  it('is refused, with the reason, where it cannot be made', () => {
    const ensemble = new VirtualEnsemble(3);
    const { leader, follower } = ensemble;
    const ask = (id: MemberId, asked: MembershipChange) =>
      ensemble.replica(id).request({ kind: 'changeMembership', change: asked });
    expect([
      ask(follower, { kind: 'remove', ids: [leader] }),
      ask(leader, { kind: 'remove', ids: [memberId(9)] }),
      ask(leader, { kind: 'promote', ids: [follower] }),
      ask(leader, { kind: 'addLearner', seat: ensemble.member(follower).seat }),
    ]).toEqual([
      { ok: false, error: 'notLeader' },
      { ok: false, error: 'unknownMember' },
      { ok: false, error: 'notLearner' },
      { ok: false, error: 'alreadyMember' },
    ]);
  });
});
