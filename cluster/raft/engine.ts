/** Raft behind the `Consensus` port: the core with its messages and hard state as bytes. */
import { MalformedInput } from '../base/bytes.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId, type Term } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import { decodeHardState, decodeMessage, encodeHardState, encodeMessage } from './codec.ts';
import { campaignSoon } from './election.ts';
import { checkInvariants } from './invariants.ts';
import type { LogBase } from './log.ts';
import type { Outgoing, RaftMessage } from './messages.ts';
import type { Progress } from './progress.ts';
import { needsSnapshot } from './snapshots.ts';
import { createState, type HardState, leaderOf, type Raft, type RaftConfig, type Restored } from './state.ts';
import { type RaftEffects, type RaftInput, step } from './step.ts';

export interface RaftOptions extends RaftConfig {
  /** What the write-ahead log found. */
  readonly restored: Omit<Restored, 'hardState'> & { readonly hardState: Uint8Array | null };
  /**
   * `soon`: a member that has just started does not wait a whole timeout for a leader that may not
   * exist. For use with pre-vote, which keeps it from disturbing one that does.
   */
  readonly firstCampaign?: 'afterTimeout' | 'soon';
}

type Received = Extract<RaftInput, { readonly kind: 'received' }>;

export type EncodedInput =
  | Exclude<RaftInput, { readonly kind: 'received' }>
  | (Omit<Received, 'message'> & { readonly message: Uint8Array });

export interface EncodedEffects extends Omit<RaftEffects, 'persist' | 'send' | 'sendAfterPersist'> {
  readonly persist: { readonly hardState: Uint8Array | null; readonly entries: readonly Entry[] } | null;
  readonly send: readonly EncodedMessage[];
  readonly sendAfterPersist: readonly EncodedMessage[];
}

export interface EncodedMessage {
  readonly to: MemberId;
  readonly message: Uint8Array;
}

interface RaftStatus {
  readonly role: Raft['role']['kind'];
  readonly term: Term;
  readonly leader: MemberId | null;
  readonly votedFor: MemberId | null;
  readonly first: LogIndex;
  readonly last: LogIndex;
  readonly persisted: LogIndex;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  readonly membership: Membership;
  readonly membershipIndex: LogIndex;
  readonly transferTo: MemberId | null;
  readonly repairing: boolean;
  readonly followers: readonly {
    readonly id: MemberId;
    readonly match: LogIndex;
    readonly next: LogIndex;
    readonly ticksSinceHeard: number;
    readonly mode: Progress['mode']['kind'];
  }[];
}

/** `Consensus` of cluster/ports, by structure: the composition root checks that the types agree. */
export interface RaftEngine {
  step(input: EncodedInput): EncodedEffects;
  status(): RaftStatus;
  needsSnapshot(snapshot: LogBase): boolean;
  entries(from: LogIndex, count: number): readonly Entry[];
  checkInvariants(): void;
}

const noBytes = new Uint8Array(0);

const noEffects: EncodedEffects = {
  persist: null,
  send: [],
  sendAfterPersist: [],
  apply: [],
  reads: [],
  refused: null,
  fetchSnapshot: null,
};

/**
 * A member that starts as a follower of nobody.
 * @throws MalformedInput when the restored hard state is not one.
 */
export function createRaft({ restored, firstCampaign = 'afterTimeout', ...config }: RaftOptions): RaftEngine {
  const hardState = restored.hardState === null ? null : restoreHardState(restored.hardState);
  const raft = createState(config, { ...restored, hardState });
  if (firstCampaign === 'soon') campaignSoon(raft);
  return {
    step: (input) => {
      const decoded = decodeInput(input);
      return decoded === null ? noEffects : encodeEffects(step(raft, decoded));
    },
    status: () => statusOf(raft),
    needsSnapshot: (snapshot) => needsSnapshot(raft, snapshot),
    entries: (from, count) => (count < 1 ? [] : raft.log.slice(from, logIndex(from + count - 1))),
    checkInvariants: () => checkInvariants(raft),
  };
}

/** Null for a message that is none: dropped, like one that was lost. */
function decodeInput(input: EncodedInput): RaftInput | null {
  if (input.kind !== 'received') return input;
  const decoded = decodeMessage(input.message);
  if (!decoded.ok) return null;
  const { kind, from, incarnation } = input;
  return { kind, from, incarnation, message: decoded.value };
}

function encodeEffects(effects: RaftEffects): EncodedEffects {
  const { persist } = effects;
  return {
    persist: persist === null ? null : { ...persist, hardState: encodeNullable(persist.hardState) },
    send: encodeAll(effects.send),
    sendAfterPersist: encodeAll(effects.sendAfterPersist),
    apply: effects.apply,
    reads: effects.reads,
    refused: effects.refused,
    fetchSnapshot: effects.fetchSnapshot,
  };
}

/** A message for several members is one object, encoded once. */
function encodeAll(outgoing: readonly Outgoing[]): readonly EncodedMessage[] {
  let encodedOf: RaftMessage | null = null;
  let encoded: Uint8Array = noBytes;
  return outgoing.map(({ to, message }) => {
    if (message !== encodedOf) encoded = encodeMessage(message);
    encodedOf = message;
    return { to, message: encoded };
  });
}

function encodeNullable(hardState: HardState | null): Uint8Array | null {
  return hardState === null ? null : encodeHardState(hardState);
}

function restoreHardState(bytes: Uint8Array): HardState {
  const decoded = decodeHardState(bytes);
  if (!decoded.ok) throw new MalformedInput(`hard state: ${decoded.error}`);
  return decoded.value;
}

function statusOf(raft: Raft): RaftStatus {
  const leadership = raft.role.kind === 'leader' ? raft.role : null;
  const { log } = raft;
  return {
    role: raft.role.kind,
    term: raft.term,
    leader: leaderOf(raft),
    votedFor: raft.votedFor?.id ?? null,
    first: log.first,
    last: log.last,
    persisted: raft.durability.persisted,
    commit: raft.commit,
    applied: raft.applied,
    membership: log.members.membership,
    membershipIndex: log.members.index,
    transferTo: leadership?.transfer?.target ?? null,
    repairing: raft.repair !== null,
    followers: [...(leadership?.followers.values() ?? [])].map(({ id, match, next, heardAtTick, mode }) => ({
      id,
      match,
      next,
      ticksSinceHeard: raft.nowTick - heardAtTick,
      mode: mode.kind,
    })),
  };
}
