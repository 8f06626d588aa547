// Seeded bugs in votes, terms and leaders.

const voteRules = 'cluster/raft/vote-rules.ts';
const election = 'cluster/raft/election.ts';

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const elections = [
  {
    name: 'vote-before-fsync',
    breaks: 'a vote leaves this member only when it is durable',
    edits: [
      {
        file: election,
        original: "sendAfterPersist(raft, from, {\n    kind: 'requestVoteReply',",
        replacement: "send(raft, from, {\n    kind: 'requestVoteReply',",
      },
    ],
    caughtBy: ['one vote a term', 'one leader per term', 'terms never fall', 'assertion'],
    seeds: 100,
    profile: 'elections',
  },
  {
    name: 'vote-not-written',
    breaks: 'a vote survives a restart',
    edits: [
      {
        file: 'cluster/wal/restored.ts',
        original: 'if (hardState.version >= this.hardState.version) this.hardState = hardState;',
        replacement: 'if (this.hardState.bytes === null) this.hardState = hardState;',
      },
      {
        file: 'cluster/wal/hard-state.ts',
        original: 'if (match === null) return null;',
        replacement: 'if (match !== null) return null;',
      },
    ],
    caughtBy: ['one vote a term', 'one leader per term', 'terms never fall', 'assertion'],
    seeds: 100,
    profile: 'elections',
  },
  {
    name: 'vote-twice',
    breaks: 'one vote per term',
    edits: [
      {
        file: voteRules,
        original: "[any, 'ended', 'same', 'given', any, 'refuse']",
        replacement: "[any, 'ended', 'same', 'given', any, 'grant']",
      },
    ],
    caughtBy: ['one vote a term', 'one leader per term', 'terms never fall', 'assertion'],
    seeds: 100,
    profile: 'elections',
  },
  {
    name: 'log-comparison-ignored',
    breaks: 'a leader holds everything that is committed',
    edits: [
      {
        file: voteRules,
        original: "[any, 'ended', 'newer', any, 'behind', 'refuse']",
        replacement: "[any, 'ended', 'newer', any, 'behind', 'grant']",
      },
    ],
    caughtBy: [
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'assertion',
    ],
    seeds: 100,
    profile: 'crashes',
  },
  {
    name: 'log-length-ignored',
    breaks: 'a leader holds everything that is committed',
    edits: [
      {
        file: 'cluster/raft/log.ts',
        original: 'return candidate.lastIndex >= this.last;',
        replacement: 'return candidate.lastTerm === this.lastTerm;',
      },
    ],
    caughtBy: [
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'assertion',
    ],
    seeds: 100,
    profile: 'divergence',
  },
  {
    name: 'repair-without-voting-bound',
    breaks: 'a member that lost entries votes only for a log that reaches what it promised',
    edits: [
      {
        file: 'cluster/raft/repair.ts',
        original:
          "if (bound.kind === 'unknown') return false;\n  if (candidate.lastTerm !== bound.term) return candidate.lastTerm > bound.term;\n  return candidate.lastIndex >= bound.index;",
        replacement: 'return true;',
      },
    ],
    caughtBy: [
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'assertion',
    ],
    seeds: 100,
    profile: 'damage',
  },
  {
    name: 'damage-taken-for-torn-tail',
    breaks: 'what was durable is never cut off in silence',
    edits: [
      {
        file: 'cluster/wal/recovery.ts',
        original: "['bad', 'appended', 'last', 'wasDurable', 'lost'],",
        replacement: "['bad', 'appended', 'last', 'wasDurable', 'cutTail'],",
      },
    ],
    caughtBy: [
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'assertion',
    ],
    seeds: 100,
    profile: 'damage',
  },
];
