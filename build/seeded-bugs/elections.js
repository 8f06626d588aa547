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
    caughtBy: ['one leader per term', 'assertion'],
    seeds: 30,
    profile: 'crashes',
  },
  {
    name: 'vote-not-written',
    breaks: 'a vote survives a restart',
    edits: [
      {
        file: 'cluster/wal/restored.ts',
        original: 'this.hardState = item.bytes;',
        replacement: 'this.hardState ??= item.bytes;',
      },
    ],
    caughtBy: ['one leader per term', 'assertion'],
    seeds: 30,
    profile: 'crashes',
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
    caughtBy: ['one leader per term', 'assertion'],
    seeds: 30,
    profile: 'crashes',
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
    caughtBy: ['same log', 'assertion'],
    seeds: 30,
    profile: 'isolation',
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
    caughtBy: ['same log', 'assertion'],
    seeds: 30,
    profile: 'isolation',
  },
  {
    name: 'term-kept-vote-forgotten',
    breaks: 'one vote per term',
    edits: [
      {
        file: 'cluster/raft/roles.ts',
        original: 'if (term > raft.term) {\n    raft.term = term;',
        replacement: 'if (term >= raft.term) {\n    raft.term = term;',
      },
    ],
    caughtBy: ['one leader per term', 'assertion'],
    seeds: 30,
    profile: 'isolation',
  },
];
