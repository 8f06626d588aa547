/**
 * Test support: several cores in memory, with disks that write when told and a network that delivers
 * what it is told. Every step is checked. The whole simulator is cluster/sim.
 */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { type MemberId, memberId } from '../../base/ids.ts';
import { decodeMessage } from '../codec.ts';
import {
  createRaft,
  type EncodedEffects,
  type EncodedInput,
  type EncodedMessage,
  type RaftEngine,
} from '../engine.ts';
import type { RaftMessage } from '../messages.ts';
import type { RaftTiming, ReadOutcome, Switch } from '../state.ts';
import { createSafetyChecker, type SafetyChecker } from './safety.ts';

export interface EnsembleOptions {
  readonly size: number;
  readonly random: (limit: number) => number;
  readonly preVote: Switch;
  readonly checkQuorum: Switch;
  readonly timing?: RaftTiming;
  readonly disks?: ReadonlyMap<MemberId, Disk>;
}

export interface Disk {
  hardState: Uint8Array | null;
  entries: Entry[];
}

export interface Frame {
  readonly from: MemberId;
  readonly to: MemberId;
  readonly bytes: Uint8Array;
}

interface Write {
  readonly batch: EncodedEffects['persist'];
  readonly sendAfter: readonly EncodedMessage[];
}

export interface EnsembleMember {
  readonly id: MemberId;
  readonly disk: Disk;
  /** Null while crashed. */
  raft: RaftEngine | null;
  writes: Write[];
  applied: Entry[];
  reads: ReadOutcome[];
}

/** Ticks of 10 ms at Muster's default timing. */
export const testTiming: RaftTiming = {
  heartbeatTicks: 5,
  electionTicksMin: 25,
  electionTicksMax: 50,
  fastCampaignTicksMax: 2,
};

const settleDeliveriesMax = 100_000;

export class Ensemble {
  readonly members: readonly EnsembleMember[];
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
    this.members = Array.from({ length: options.size }, (_, at) => {
      const id = memberId(at + 1);
      const disk = options.disks?.get(id) ?? { hardState: null, entries: [] };
      return { id, disk, raft: null, writes: [], applied: [], reads: [] };
    });
    for (const { id } of this.members) this.restart(id);
  }

  member(id: number): EnsembleMember {
    const member = this.members[id - 1];
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
    this.safety.stepped(member.id, raft);
    for (const message of effects.send) this.#post(member.id, message);
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
      if (batch !== null) writeBatch(member.disk, batch);
      last = batch?.entries.at(-1) ?? last;
    }
    for (const { sendAfter } of written) for (const message of sendAfter) this.#post(member.id, message);
    if (last !== undefined) this.step(id, { kind: 'persisted', upTo: last.index, term: last.term });
  }

  deliver(frame: Frame): void {
    const message = decodeMessage(frame.bytes);
    assert(message.ok, 'a member sent garbage', { from: frame.from });
    if (this.member(frame.to).raft === null || !this.passes(frame, message.value)) return;
    this.step(frame.to, { kind: 'received', from: frame.from, message: frame.bytes });
  }

  /** Writes and delivers until nothing moves. */
  settle(): void {
    for (let delivered = 0; delivered < settleDeliveriesMax; delivered += 1) {
      for (const { id, writes } of this.members) {
        if (writes.length > 0 && !this.stalledDisks.has(id)) this.persist(id);
      }
      const frame = this.frames.shift();
      if (frame !== undefined) this.deliver(frame);
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
    for (const { batch } of member.writes.slice(0, writesDone))
      if (batch !== null) writeBatch(member.disk, batch);
    member.writes = [];
    member.raft = null;
    member.applied = [];
  }

  restart(id: number): void {
    const member = this.member(id);
    const { random, preVote, checkQuorum, timing = testTiming } = this.#options;
    member.raft = createRaft({
      id: member.id,
      voters: this.members.map((voter) => voter.id),
      random,
      restored: { hardState: member.disk.hardState, entries: [...member.disk.entries] },
      timing,
      preVote,
      checkQuorum,
    });
  }

  compareLogs(): void {
    const engines = new Map<MemberId, RaftEngine>();
    for (const { id, raft } of this.members) if (raft !== null) engines.set(id, raft);
    this.safety.compareLogs(engines);
  }

  #post(from: MemberId, { to, message }: EncodedMessage): void {
    this.frames.push({ from, to, bytes: message });
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

function writeBatch(disk: Disk, { hardState, entries }: NonNullable<EncodedEffects['persist']>): void {
  if (hardState !== null) disk.hardState = hardState;
  const first = entries[0];
  if (first === undefined) return;
  disk.entries.length = first.index - 1;
  disk.entries.push(...entries);
}

function isVoteQuestion({ bytes }: Frame): boolean {
  const message = decodeMessage(bytes);
  return message.ok && (message.value.kind === 'preVote' || message.value.kind === 'requestVote');
}
