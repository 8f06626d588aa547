/**
 * Test support: everything that can go wrong with a few members, drawn from a seed: loss, duplication,
 * reordering, cuts, crashes that lose what was not synced, damaged logs, while members come and go,
 * hand over, take snapshots and answer reads.
 */
import { type LogIndex, logIndex, type MemberId, memberId } from '../../base/ids.ts';
import { type Membership, type MembershipChange, seatOf } from '../../base/membership.ts';
import type { Ensemble } from './ensemble.ts';
import type { EnsembleMember } from './member.ts';

type Random = (limit: number) => number;

const stepsPerPhase = 400;
/** Ids in use at most: some of them are taken again by other directories. */
const idsMax = 7;
/** Fewer voters than this leave no majority beside one whose log is damaged. */
const votersMin = 3;

/** How often what happens, each against the sum of all. */
interface Rates {
  readonly tick: number;
  readonly deliver: number;
  readonly lose: number;
  readonly duplicate: number;
  readonly persist: number;
  readonly propose: number;
  readonly read: number;
  readonly crash: number;
  readonly damage: number;
  readonly restart: number;
  readonly gone: number;
  readonly cut: number;
  readonly change: number;
  readonly transfer: number;
  readonly campaign: number;
  readonly unfit: number;
  readonly fit: number;
  readonly snapshot: number;
  readonly install: number;
}

/** The seed picks the rates, anew for each phase: calm ones let a leader rise, harsh ones bring it down. */
function drawRates(random: Random): Rates {
  const isHarsh = random(2) === 0;
  const often = (limit: number) => (isHarsh ? random(limit) : 0);
  return {
    tick: 40 + random(100),
    deliver: 400 + random(400),
    persist: 60 + random(200),
    propose: random(120),
    read: random(20),
    restart: 1 + random(20),
    lose: often(60),
    duplicate: often(60),
    crash: often(6),
    damage: often(10),
    gone: often(4),
    cut: often(8),
    change: random(16),
    transfer: random(4),
    campaign: often(3),
    unfit: often(3),
    fit: 3,
    snapshot: random(10),
    install: 1 + random(10),
  };
}

export class Chaos {
  /** How often each thing was done: a kind that never occurs tests nothing. */
  readonly counts = new Map<string, number>();
  readonly violations: string[] = [];
  readonly #ensemble: Ensemble;
  readonly #random: Random;
  /** What was applied anywhere when a read was asked for: its answer must cover that. */
  readonly #askedAt = new Map<string, number>();
  readonly #lives = new Map<number, number>();
  #nextRead = 0;

  constructor(ensemble: Ensemble, random: Random) {
    this.#ensemble = ensemble;
    this.#random = random;
    ensemble.onStep = ({ id }, { reads, fetchSnapshot }) => {
      if (fetchSnapshot !== null) this.#count('offered');
      for (const read of reads) if (read.kind === 'ready') this.#judge(`${id}.${read.id}`, read.index);
    };
  }

  /** One phase: so many random steps at freshly drawn rates. */
  disturb(): void {
    const rates = drawRates(this.#random);
    const actions = Object.entries(rates) as [keyof Rates, number][];
    const total = actions.reduce((sum, [, rate]) => sum + rate, 0);
    if (rates.cut === 0) this.#ensemble.passes = () => true;
    for (let done = 0; done < stepsPerPhase; done += 1) {
      let drawn = this.#random(total);
      const action = actions.find(([, rate]) => {
        drawn -= rate;
        return drawn < 0;
      })?.[0];
      if (action !== undefined) this.#act(action);
      if (done % 100 === 0) this.#ensemble.compareLogs();
    }
    this.#ensemble.compareLogs();
  }

  /** Ends every fault, and gives the members time. */
  heal(): void {
    this.#ensemble.passes = () => true;
    for (const { id, raft } of this.#ensemble.members) if (raft === null) this.#ensemble.restart(id);
    for (const { id } of this.#ensemble.members) this.#ensemble.step(id, { kind: 'leadership', may: 'yes' });
    this.#ensemble.run(400);
  }

  #act(action: keyof Rates): void {
    const ensemble = this.#ensemble;
    const random = this.#random;
    const member = this.#drawMember();
    const isUp = member.raft !== null;
    const at = random(Math.max(1, Math.min(ensemble.frames.length, 30)));
    if (action === 'deliver') {
      const [frame] = ensemble.frames.splice(random(3) === 0 ? at : 0, 1);
      if (frame !== undefined) ensemble.deliver(frame);
    } else if (action === 'lose') ensemble.frames.splice(at, 1);
    else if (action === 'duplicate') ensemble.frames.push(...ensemble.frames.slice(at, at + 1));
    else if (action === 'cut') this.#cut();
    else if (action === 'restart' && !isUp) ensemble.restart(member.id);
    else if (action === 'damage' && !isUp) this.#damage(member);
    else if (isUp) this.#actOn(action, member);
  }

  #actOn(action: keyof Rates, { id }: EnsembleMember): void {
    const ensemble = this.#ensemble;
    const random = this.#random;
    if (action === 'tick') ensemble.tick(id);
    if (action === 'persist') ensemble.persist(id, 1 + random(3));
    if (action === 'read') this.#ask(id);
    if (action === 'crash') ensemble.crash(id, random(3));
    if (action === 'snapshot') ensemble.snapshot(id, random(20));
    if (action === 'install' && ensemble.install(id)) this.#count('installed');
    if (action === 'unfit') ensemble.step(id, { kind: 'leadership', may: 'no' });
    if (action === 'fit')
      for (const peer of this.#peersUp()) ensemble.step(peer, { kind: 'leadership', may: 'yes' });
    if (action === 'campaign') ensemble.step(id, { kind: 'requested', request: { kind: 'campaign' } });
    if (action === 'transfer') this.#transfer(id);
    if (action === 'change') this.#change(id);
    if (action === 'gone') {
      const dead = ensemble.members.filter(({ raft }) => raft === null).map((member) => member.id);
      for (const peer of dead) ensemble.step(id, { kind: 'peerGone', peer });
    }
    if (action === 'propose') {
      const payloads = Array.from({ length: 1 + random(4) }, () => new Uint8Array([random(256)]));
      ensemble.step(id, { kind: 'proposed', payloads });
    }
  }

  /** Often the leader: most of what happens, happens there. */
  #drawMember(): EnsembleMember {
    const { members, leader } = this.#ensemble;
    if (leader !== null && this.#random(4) === 0) return this.#ensemble.member(leader);
    return members[this.#random(members.length)] ?? this.#ensemble.member(1);
  }

  #peersUp(): readonly MemberId[] {
    return this.#ensemble.members.filter(({ raft }) => raft !== null).map(({ id }) => id);
  }

  #transfer(id: MemberId): void {
    const to = this.#random(2) === 0 ? null : this.#drawMember().id;
    const { refused } = this.#ensemble.step(id, { kind: 'requested', request: { kind: 'transfer', to } });
    if (refused === null) this.#count('transfer');
  }

  #change(id: MemberId): void {
    const { membership, membershipIndex, commit, role } = this.#ensemble.raft(id).status();
    if (role !== 'leader' || (membershipIndex > commit && this.#random(4) > 0)) return;
    const change = this.#drawChange(membership, membershipIndex > commit ? 'open' : 'certain');
    if (change === null) return;
    const request = { kind: 'changeMembership', change } as const;
    const { refused } = this.#ensemble.step(id, { kind: 'requested', request });
    this.#count(refused === null ? change.kind : `refused ${refused}`);
  }

  #drawChange(membership: Membership, state: 'open' | 'certain'): MembershipChange | null {
    const { voters, learners } = membership;
    const draw = <Item>(items: readonly Item[]) => items[this.#random(Math.max(1, items.length))];
    switch (this.#random(3)) {
      case 0: {
        // A directory is wiped, to be taken in anew, only when it is certainly given up.
        const id = 1 + this.#random(idsMax);
        if (seatOf(membership, memberId(id)) !== null || this.#isDamaged() || state === 'open') return null;
        const life = (this.#lives.get(id) ?? 0) + 1;
        this.#lives.set(id, life);
        return { kind: 'addLearner', seat: this.#ensemble.join(id, life) };
      }
      case 1: {
        const learner = draw(learners);
        return learner === undefined ? null : { kind: 'promote', ids: [learner.id] };
      }
      default: {
        const leaving = draw([...voters, ...learners]);
        if (leaving === undefined || this.#isDamaged() || voters.length <= votersMin) return null;
        return { kind: 'remove', ids: [leaving.id] };
      }
    }
  }

  /** One damaged log at a time: the others hold what it lost. */
  #damage({ id, disk }: EnsembleMember): void {
    if (this.#isDamaged()) return;
    const knows = this.#random(3) === 0 ? 'nothing' : 'bound';
    const kept = disk.base.index + this.#random(disk.entries.length + 1);
    if (this.#random(2) === 0) disk.damage(logIndex(kept), knows);
    else disk.damageWrites(1 + this.#random(10), knows);
    if (disk.votingBound !== null) this.#count(`damage ${disk.votingBound.kind}`);
    this.#ensemble.restart(id);
  }

  #isDamaged(): boolean {
    return this.#ensemble.members.some(({ disk }) => disk.votingBound !== null);
  }

  /** Half of the time one member is cut off, in one direction or both; half of the time nobody is. */
  #cut(): void {
    const victim = this.#drawMember().id;
    const way = this.#random(6);
    this.#ensemble.passes = ({ from, to }) => {
      const isOutward = from === victim && way < 2;
      const isInward = to === victim && (way === 1 || way === 2);
      return !isOutward && !isInward;
    };
  }

  #ask(id: MemberId): void {
    this.#nextRead += 1;
    this.#askedAt.set(`${id}.${this.#nextRead}`, this.#ensemble.safety.history.size);
    this.#ensemble.step(id, { kind: 'readRequested', id: this.#nextRead });
  }

  #judge(read: string, index: LogIndex): void {
    const floor = this.#askedAt.get(read) ?? Number.POSITIVE_INFINITY;
    if (index < floor) this.violations.push(`read ${read} at ${index} < ${floor}`);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
