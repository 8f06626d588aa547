// Seeded bugs in the replicated log: what is acknowledged, committed, replaced and read.

const commit = 'cluster/raft/commit.ts';
const following = 'cluster/raft/following.ts';
const readIndex = 'cluster/raft/read-index.ts';

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const replication = [
  {
    name: 'old-term-committed-by-counting',
    breaks: 'an entry of an older term is committed only by one of the present term (§5.4.2)',
    edits: [
      {
        file: commit,
        original: 'if (held <= raft.commit || raft.log.termAt(held) !== raft.term) return;',
        replacement: 'if (held <= raft.commit) return;',
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
    profile: 'fallingLeaders',
  },
  {
    name: 'commit-without-majority',
    breaks: 'a committed entry is on a majority',
    edits: [
      {
        file: 'cluster/raft/quorum.ts',
        original: 'reached[majorityOf(voters) - 1]',
        replacement: 'reached[Math.max(0, majorityOf(voters) - 2)]',
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
    name: 'acknowledged-before-fsync',
    breaks: 'an acknowledged entry is durable',
    edits: [
      {
        file: following,
        original: "sendAfterPersist(raft, leader.id, { kind: 'appendAccepted'",
        replacement: "send(raft, leader.id, { kind: 'appendAccepted'",
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
    profile: 'slowDisks',
  },
  {
    name: 'own-fsync-not-awaited',
    breaks: "the leader's own copy counts when its disk has it",
    edits: [
      {
        file: commit,
        original: '?.match ?? raft.durability.persisted',
        replacement: '?.match ?? raft.log.last',
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
    profile: 'slowDisks',
  },
  {
    name: 'committed-entries-truncated',
    breaks: 'a late message never shortens the log (§5.3)',
    edits: [
      {
        file: 'cluster/raft/log.ts',
        original:
          'for (const entry of entries) if (this.termAt(entry.index) !== entry.term) return entry;\n    return null;',
        replacement: 'return entries[0] ?? null;',
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
    seeds: 10,
    profile: 'badNetwork',
  },
  {
    name: 'commit-believed-unmatched',
    breaks: "a follower believes a commit index only of entries that equal the leader's",
    edits: [
      {
        file: commit,
        original: 'const commit = told < leader.matched ? told : leader.matched;',
        replacement: 'const commit = told < raft.log.last ? told : raft.log.last;',
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
    name: 'previous-entry-not-compared',
    breaks: 'logs that share an entry share all before it (§5.3)',
    edits: [
      {
        file: following,
        original: 'if (!isBehindBase && raft.log.termAt(previousIndex) !== previousTerm) {',
        replacement: 'if (!isBehindBase && raft.log.termAt(previousIndex) === null) {',
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
    profile: 'fallingLeaders',
  },
  {
    name: 'durability-forgets-replacement',
    breaks: 'an entry that is being replaced is not durable (the ABA problem)',
    edits: [
      {
        file: 'cluster/raft/durability.ts',
        original: 'this.#persisted = lower(this.#persisted, previousIndex(batch.from));',
        replacement: '',
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
    name: 'read-round-reused',
    breaks: 'a read barrier is confirmed by a round that began after it',
    edits: [
      {
        file: readIndex,
        original: 'waiting.push(read);\n  beginReadRound(raft, leadership);',
        replacement:
          'if (underWay !== null) underWay.reads.push(read); else waiting.push(read);\n  beginReadRound(raft, leadership);',
      },
    ],
    caughtBy: ['sync reads the newest', 'linearizable'],
    seeds: 100,
    profile: 'reads',
  },
  {
    name: 'read-unconfirmed',
    breaks: 'a leader answers a read barrier only after a majority confirmed it',
    edits: [
      {
        file: readIndex,
        original:
          'if (!isQuorum(raft.log.members.voters, (voter) => underWay.confirmedBy.has(voter))) return;',
        replacement: '',
      },
    ],
    caughtBy: ['sync reads the newest', 'linearizable'],
    seeds: 100,
    profile: 'reads',
  },
  {
    name: 'new-leader-reads-too-early',
    breaks: 'a new leader answers reads once it has committed an entry of its term',
    edits: [
      {
        file: readIndex,
        original: 'if (raft.log.termAt(raft.commit) !== raft.term) return;',
        replacement: '',
      },
    ],
    caughtBy: ['sync reads the newest', 'linearizable'],
    seeds: 100,
    profile: 'reads',
  },
  {
    name: 'read-before-applied',
    breaks: 'a linearizable read waits until its barrier is applied here',
    edits: [
      {
        file: 'cluster/replica/clients/barriers.ts',
        original: '} else if (outcome.index <= this.#appliedIndex) {',
        replacement: '} else if (outcome.index >= 0) {',
      },
    ],
    caughtBy: ['sync reads the newest', 'linearizable'],
    seeds: 100,
    profile: 'reads',
  },
];
