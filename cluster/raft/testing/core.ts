/** Test support: one core, driven message by message, its invariants checked after every step. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { logIndex, type MemberId, memberId, term as termOf } from '../../base/ids.ts';
import { emptyMembership, type Membership } from '../../base/membership.ts';
import { checkInvariants } from '../invariants.ts';
import type { LogBase } from '../log.ts';
import type { RaftMessage } from '../messages.ts';
import type { RaftRequest } from '../requests.ts';
import { createState, type Raft, type Switch, type VotingBound } from '../state.ts';
import { type RaftEffects, type RaftInput, step } from '../step.ts';
import { seatOf, seatsUpTo } from './seats.ts';
import { testTiming } from './timing.ts';

export interface CoreOptions {
  /** Members 1 and up vote. The paper's logs begin without a membership: it is told as a snapshot's. */
  readonly voters?: number;
  readonly membership?: Partial<Membership>;
  /** The entry before the first of the log. */
  readonly base?: readonly [index: number, term: number];
  readonly votingBound?: VotingBound;
  readonly elections?: 'automatic' | 'manual';
  readonly term?: number;
  readonly votedFor?: number;
  /** Terms of the entries in the log. */
  readonly log?: readonly number[];
  readonly random?: (limit: number) => number;
  /** Both off unless asked for: the paper's section 5 knows neither. */
  readonly preVote?: Switch;
  readonly checkQuorum?: Switch;
}

export interface Core {
  readonly raft: Raft;
  step(input: RaftInput): RaftEffects;
  /** From the first directory under that id, unless another one is meant. */
  receive(from: number, message: RaftMessage, life?: number): RaftEffects;
  tick(count: number): RaftEffects;
  propose(...payloads: readonly string[]): RaftEffects;
  /** Why it was refused, or null. */
  request(request: RaftRequest): RaftEffects['refused'];
  /** Confirms the last entry of the log as durable. */
  persistAll(): RaftEffects;
  /** Campaigns and gets every vote; the first entry of the term is not durable yet. */
  lead(): RaftEffects;
}

/** Member 1 of an ensemble. */
export function createCore(options: CoreOptions = {}): Core {
  const raft = createState(
    {
      id: memberId(1),
      incarnation: seatOf(1).incarnation,
      random: options.random ?? (() => 0),
      timing: testTiming,
      preVote: options.preVote ?? 'off',
      checkQuorum: options.checkQuorum ?? 'off',
      elections: options.elections ?? 'automatic',
    },
    {
      hardState: {
        term: termOf(options.term ?? options.log?.at(-1) ?? 0),
        votedFor: options.votedFor === undefined ? null : seatOf(options.votedFor),
      },
      base: logBaseOf(options.base ?? [0, 0]),
      entries: entriesOf(options.log ?? [], options.base?.[0]),
      snapshot: {
        ...logBaseOf(options.base ?? [0, 0]),
        membership: { ...emptyMembership, voters: seatsUpTo(options.voters ?? 3), ...options.membership },
      },
      votingBound: options.votingBound ?? null,
    },
  );
  return new CoreDriver(raft);
}

class CoreDriver implements Core {
  readonly raft: Raft;

  constructor(raft: Raft) {
    this.raft = raft;
  }

  step(input: RaftInput): RaftEffects {
    const effects = step(this.raft, input);
    checkInvariants(this.raft);
    return effects;
  }

  receive(from: number, message: RaftMessage, life = 0): RaftEffects {
    const { id, incarnation } = seatOf(from, life);
    return this.step({ kind: 'received', from: id, incarnation, message });
  }

  tick(count: number): RaftEffects {
    for (let done = 1; done < count; done += 1) this.step({ kind: 'tick' });
    return this.step({ kind: 'tick' });
  }

  propose(...payloads: readonly string[]): RaftEffects {
    return this.step({ kind: 'proposed', payloads: payloads.map(payloadOf) });
  }

  request(request: RaftRequest): RaftEffects['refused'] {
    return this.step({ kind: 'requested', request }).refused;
  }

  persistAll(): RaftEffects {
    const { last, lastTerm } = this.raft.log;
    return this.step({ kind: 'persisted', upTo: last, term: lastTerm });
  }

  lead(): RaftEffects {
    let effects = this.tick(this.raft.electionDueTick - this.raft.nowTick);
    for (const voter of othersOf(this.raft)) {
      if (this.raft.role.kind !== 'candidate') break;
      effects = this.receive(voter, { kind: 'requestVoteReply', term: this.raft.term, verdict: 'granted' });
    }
    assert(this.raft.role.kind === 'leader', 'did not become the leader');
    return effects;
  }
}

export function logBaseOf([index, term]: readonly [index: number, term: number]): LogBase {
  return { index: logIndex(index), term: termOf(term) };
}

/** Entries 1 and on, of the given terms. */
export function entriesOf(terms: readonly number[], after = 0): readonly Entry[] {
  return terms.map((term, at) => ({
    index: logIndex(after + at + 1),
    term: termOf(term),
    kind: 'command',
    payload: payloadOf(`t${term}`),
  }));
}

/** The terms of the entries in a log. */
export function termsOf({ log }: Raft): readonly number[] {
  return log.slice(log.first, log.last).map((entry) => entry.term);
}

/** An append of the leader of `term`: entries of `terms` after (`previousIndex`, `previousTerm`). */
export function appendOf(options: {
  readonly term: number;
  readonly previous: readonly [index: number, term: number];
  readonly terms: readonly number[];
  readonly commit?: number;
}): RaftMessage {
  return {
    kind: 'appendEntries',
    term: termOf(options.term),
    previousIndex: logIndex(options.previous[0]),
    previousTerm: termOf(options.previous[1]),
    commit: logIndex(options.commit ?? 0),
    entries: entriesOf(options.terms, options.previous[0]),
  };
}

export function heartbeatOf(options: {
  readonly term: number;
  readonly commit?: number;
  readonly match?: number;
  readonly sent?: number;
  readonly round?: number;
}): RaftMessage {
  return {
    kind: 'heartbeat',
    term: termOf(options.term),
    commit: logIndex(options.commit ?? 0),
    match: logIndex(options.match ?? 0),
    sent: logIndex(options.sent ?? 0),
    round: options.round ?? 0,
  };
}

/** A question for a vote from a candidate whose log ends in (`last`). */
export function voteQuestionOf(options: {
  readonly kind?: 'preVote' | 'requestVote';
  readonly reason?: 'noLeader' | 'handedOver';
  readonly term: number;
  readonly last: readonly [index: number, term: number];
}): RaftMessage {
  const question = {
    term: termOf(options.term),
    lastIndex: logIndex(options.last[0]),
    lastTerm: termOf(options.last[1]),
  };
  if (options.kind === 'preVote') return { kind: 'preVote', ...question };
  return { kind: 'requestVote', ...question, reason: options.reason ?? 'noLeader' };
}

export function acceptedOf(options: { readonly term: number; readonly match: number }): RaftMessage {
  return { kind: 'appendAccepted', term: termOf(options.term), match: logIndex(options.match) };
}

function othersOf(raft: Raft): readonly MemberId[] {
  return raft.log.members.others.map(({ id }) => id);
}

function payloadOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
