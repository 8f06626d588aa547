/**
 * Test support: several cores in memory, with disks that write when told and a network that delivers
 * what it is told. Every step is checked. The whole simulator is cluster/sim.
 */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { logIndex, type MemberId, term } from '../../base/ids.ts';
import { emptyMembership, type Membership, type Seat } from '../../base/membership.ts';
import { encodeMembershipRecord } from '../../base/membership-codec.ts';
import { decodeMessage, encodeInitialHardState } from '../codec.ts';
import {
  createRaft,
  type EncodedEffects,
  type EncodedInput,
  type EncodedMessage,
  type RaftEngine,
} from '../engine.ts';
import type { RaftMessage } from '../messages.ts';
import type { RaftConfig, RaftTiming, Switch } from '../state.ts';
import { TestDisk } from './disk.ts';
import type { EnsembleMember, Frame } from './member.ts';
import { createSafetyChecker, type SafetyChecker } from './safety.ts';
import { seatOf, seatsUpTo } from './seats.ts';
import { installFetched, membershipAt } from './snapshot-transfer.ts';
import { testTiming } from './timing.ts';

export interface EnsembleOptions {
  readonly size: number;
  readonly random: (limit: number) => number;
  readonly preVote: Switch;
  readonly checkQuorum: Switch;
  readonly elections?: RaftConfig['elections'];
  readonly timing?: RaftTiming;
  /** Otherwise everybody is founded, with one entry that says who votes. */
  readonly disks?: ReadonlyMap<MemberId, TestDisk>;
}

const settleDeliveriesMax = 100_000;

export class Ensemble {
  readonly members: EnsembleMember[] = [];
  readonly safety: SafetyChecker = createSafetyChecker();
  /** Frames on their way, oldest first. */
  frames: Frame[] = [];
  /** Decides whether a frame arrives; partitions and losses are put here. */
  passes: (frame: Frame, message: RaftMessage) => boolean = () => true;
  /** Called after every step. */
  onStep: (member: EnsembleMember, effects: EncodedEffects) => void = () => undefined;
  readonly stalledDisks = new Set<MemberId>();
  readonly #options: EnsembleOptions;

  constructor(options: EnsembleOptions) {
    this.#options = options;
    const founders = { ...emptyMembership, voters: seatsUpTo(options.size) };
    for (const seat of founders.voters)
      this.#place(seat, options.disks?.get(seat.id) ?? foundedDisk(founders));
    for (const { id } of this.members) this.restart(id);
  }

  /** A new directory under a new or an old member id: nobody, until a leader takes it in. */
  join(id: number, life = 0): Seat {
    const seat = seatOf(id, life);
    this.#place(seat, new TestDisk());
    this.restart(id);
    return seat;
  }

  member(id: number): EnsembleMember {
    const member = this.members.find((candidate) => candidate.id === id);
    assert(member !== undefined, 'no such member', { id });
    return member;
  }

  /** A member that runs. */
  raft(id: number): RaftEngine {
    const { raft } = this.member(id);
    assert(raft !== null, 'the member is down', { id });
    return raft;
  }

  get leader(): MemberId | null {
    const leaders = this.members.filter(({ raft }) => raft?.status().role === 'leader');
    leaders.sort((left, right) => this.raft(right.id).status().term - this.raft(left.id).status().term);
    return leaders[0]?.id ?? null;
  }

  /** One input to one member; what it wants written waits in `writes`. */
  step(id: number, input: EncodedInput): EncodedEffects {
    const member = this.member(id);
    const raft = this.raft(id);
    const effects = raft.step(input);
    this.safety.stepped(member, raft);
    if (effects.fetchSnapshot !== null) member.wanted = effects.fetchSnapshot;
    if (!raft.status().repairing) member.disk.votingBound = null;
    for (const message of effects.send) this.#post(member, message);
    if (effects.persist !== null || effects.sendAfterPersist.length > 0) {
      member.writes.push({ batch: effects.persist, sendAfter: effects.sendAfterPersist });
    }
    member.reads.push(...effects.reads);
    this.onStep(member, effects);
    this.#apply(member, effects.apply);
    return effects;
  }

  tick(id: number, count = 1): void {
    for (let done = 0; done < count; done += 1) this.step(id, { kind: 'tick' });
  }

  /** Ticks everybody `count` times and settles after each. */
  run(count: number): void {
    for (let done = 0; done < count; done += 1) {
      for (const { id, raft } of this.members) if (raft !== null) this.tick(id);
      this.settle();
    }
  }

  /** Completes the oldest `count` writes of a member with one sync, as group commit does. */
  persist(id: number, count = Number.POSITIVE_INFINITY): void {
    const member = this.member(id);
    const written = member.writes.splice(0, count);
    let last: Entry | undefined;
    for (const { batch } of written) {
      if (batch !== null) member.disk.write(batch);
      last = batch?.entries.at(-1) ?? last;
    }
    for (const { sendAfter } of written) for (const message of sendAfter) this.#post(member, message);
    if (last !== undefined) this.step(id, { kind: 'persisted', upTo: last.index, term: last.term });
  }

  deliver(frame: Frame): void {
    const message = decodeMessage(frame.bytes);
    assert(message.ok, 'a member sent garbage', { from: frame.from });
    const { from, incarnation, to, bytes } = frame;
    if (this.member(to).raft === null || !this.passes(frame, message.value)) return;
    this.step(to, { kind: 'received', from, incarnation, message: bytes });
  }

  /** Writes and delivers until nothing moves. */
  settle(): void {
    for (let delivered = 0; delivered < settleDeliveriesMax; delivered += 1) {
      for (const { id, writes } of this.members) {
        if (writes.length > 0 && !this.stalledDisks.has(id)) this.persist(id);
      }
      const frame = this.frames.shift();
      if (frame !== undefined) this.deliver(frame);
      else if (this.members.some(({ id }) => this.install(id))) continue;
      else if (this.members.every(({ id, writes }) => writes.length === 0 || this.stalledDisks.has(id)))
        return;
    }
    assert(false, 'the ensemble never settles');
  }

  /** Ticks one member until its election timeout; nothing is delivered. */
  timeOut(id: number): void {
    const { role, term } = this.raft(id).status();
    for (let ticks = 0; ticks <= testTiming.electionTicksMax * 2; ticks += 1) {
      this.tick(id);
      const now = this.raft(id).status();
      const isNewRole = now.role !== role || now.term !== term;
      if (isNewRole || this.frames.some((frame) => frame.from === id && isVoteQuestion(frame))) return;
    }
    assert(false, 'the election timeout never came', { id });
  }

  /** The process ends; writes under way reach the disk for the first `writesDone` of them. */
  crash(id: number, writesDone = 0): void {
    const member = this.member(id);
    for (const { batch } of member.writes.slice(0, writesDone)) if (batch !== null) member.disk.write(batch);
    member.writes = [];
    member.raft = null;
    member.wanted = null;
    member.applied = [];
  }

  /** Takes a snapshot of what a member applied, and keeps so many entries before it. */
  snapshot(id: number, keepEntries: number): void {
    const member = this.member(id);
    const last = member.applied.at(-1);
    if (last === undefined || last.index <= (member.disk.snapshot?.index ?? 0)) return;
    const membership = membershipAt(member);
    const point = { index: last.index, term: last.term, membership };
    const keepFrom = logIndex(Math.max(1, last.index + 1 - keepEntries));
    member.disk.compact({ ...point, state: [...member.applied] }, keepFrom);
    this.step(id, { kind: 'snapshotTaken', snapshot: point, keepFrom });
  }

  /** Fetches the snapshot a member wants, if it is to be had and of use. Says whether it was. */
  install(id: number): boolean {
    const member = this.member(id);
    const { wanted, raft } = member;
    if (wanted === null || raft === null) return false;
    const source = this.members.find((candidate) => candidate.id === wanted.from && candidate.raft !== null);
    if (source === undefined || this.stalledDisks.has(member.id)) return false;
    const snapshot = installFetched(member, source, raft);
    if (snapshot === null) return false;
    for (const entry of snapshot.state) this.safety.applied(member.id, entry);
    const { index, term, membership } = snapshot;
    this.step(id, { kind: 'snapshotInstalled', snapshot: { index, term, membership } });
    return true;
  }

  restart(id: number): void {
    const member = this.member(id);
    const { random, preVote, checkQuorum, elections = 'automatic', timing = testTiming } = this.#options;
    const restored = member.disk.restored();
    member.applied = [...(member.disk.snapshot?.state ?? [])];
    member.raft = createRaft({
      id: member.id,
      incarnation: member.incarnation,
      random,
      restored,
      timing,
      preVote,
      checkQuorum,
      elections,
    });
  }

  compareLogs(): void {
    const engines = new Map<MemberId, RaftEngine>();
    for (const { id, raft } of this.members) if (raft !== null) engines.set(id, raft);
    this.safety.compareLogs(engines);
  }

  #place({ id, incarnation }: Seat, disk: TestDisk): void {
    const at = this.members.findIndex((member) => member.id === id);
    const member = { id, incarnation, disk, raft: null, writes: [], applied: [], reads: [], wanted: null };
    this.members.splice(at === -1 ? this.members.length : at, at === -1 ? 0 : 1, member);
  }

  #post({ id, incarnation }: Seat, { to, message }: EncodedMessage): void {
    this.frames.push({ from: id, incarnation, to, bytes: message });
  }

  #apply(member: EnsembleMember, entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (last === undefined) return;
    for (const entry of entries) {
      assert(entry.index === member.applied.length + 1, 'applied out of order', { index: entry.index });
      member.applied.push(entry);
      this.safety.applied(member.id, entry);
    }
    this.step(member.id, { kind: 'applied', upTo: last.index });
  }
}

/** As every founder's directory begins: one entry that says who votes. */
function foundedDisk(membership: Membership): TestDisk {
  const disk = new TestDisk();
  disk.hardState = encodeInitialHardState();
  const payload = encodeMembershipRecord({ membership, cause: 'founded' });
  disk.entries = [{ index: logIndex(1), term: term(1), kind: 'membership', payload }];
  return disk;
}

function isVoteQuestion({ bytes }: Frame): boolean {
  const message = decodeMessage(bytes);
  return message.ok && (message.value.kind === 'preVote' || message.value.kind === 'requestVote');
}
