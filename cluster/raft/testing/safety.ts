/** Test support: the properties of figure 3 of the Raft paper, checked over a whole ensemble. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import type { Incarnation, LogIndex, MemberId, Term } from '../../base/ids.ts';
import type { Seat } from '../../base/membership.ts';
import type { RaftEngine } from '../engine.ts';

export interface SafetyChecker {
  /** Call after each step of a member. */
  stepped(seat: Seat, raft: RaftEngine): void;
  applied(id: MemberId, entry: Entry): void;
  /** Log matching, over all pairs: expensive, so now and then. */
  compareLogs(engines: ReadonlyMap<MemberId, RaftEngine>): void;
  /** What any member has applied, by index. */
  readonly history: ReadonlyMap<LogIndex, Entry>;
}

export function createSafetyChecker(): SafetyChecker {
  const leaders = new Map<Term, Incarnation>();
  const history = new Map<LogIndex, Entry>();
  return {
    history,
    stepped: ({ id, incarnation }, raft) => {
      raft.checkInvariants();
      const { role, term } = raft.status();
      if (role !== 'leader' || leaders.get(term) === incarnation) return;
      assert(!leaders.has(term), 'election safety: two leaders in one term', { term, id });
      leaders.set(term, incarnation);
      checkLeaderCompleteness(raft, history);
    },
    applied: (id, entry) => {
      const before = history.get(entry.index);
      if (before === undefined) history.set(entry.index, entry);
      else
        assert(isSame(before, entry), 'state machine safety: two entries applied', {
          id,
          index: entry.index,
        });
    },
    compareLogs: (engines) => {
      const all = [...engines.values()];
      for (const [at, left] of all.entries())
        for (const right of all.slice(at + 1)) checkLogMatching(left, right);
    },
  };
}

function checkLeaderCompleteness(leader: RaftEngine, history: ReadonlyMap<LogIndex, Entry>): void {
  const { first } = leader.status();
  for (const [index, committed] of history) {
    // What a snapshot stands for was compared when it was applied or installed.
    if (index < first) continue;
    const [held] = leader.entries(index, 1);
    assert(
      held !== undefined && isSame(held, committed),
      'leader completeness: a committed entry is missing',
      {
        index,
      },
    );
  }
}

/** If two logs hold an entry of one index and term, they are the same up to it. */
function checkLogMatching(left: RaftEngine, right: RaftEngine): void {
  const first = left.status().first > right.status().first ? left.status().first : right.status().first;
  const count = Math.min(left.status().last, right.status().last) - first + 1;
  const theirs = right.entries(first, count);
  const ours = left.entries(first, count);
  let mustMatch = false;
  for (let at = ours.length - 1; at >= 0; at -= 1) {
    const mine = ours[at];
    const other = theirs[at];
    assert(mine !== undefined && other !== undefined, 'a hole in a log', { at });
    if (mine.term === other.term) mustMatch = true;
    if (mustMatch) assert(isSame(mine, other), 'log matching: logs differ below an entry they share', { at });
  }
}

function isSame(left: Entry, right: Entry): boolean {
  return (
    left.term === right.term &&
    left.kind === right.kind &&
    left.payload.length === right.payload.length &&
    left.payload.every((byte, at) => byte === right.payload[at])
  );
}
