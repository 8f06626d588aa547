// Seeded bugs in who belongs to the ensemble.

const quorum = 'cluster/raft/quorum.ts';
const reconfigure = 'cluster/raft/reconfigure.ts';

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const membership = [
  {
    name: 'commit-by-one-half-only',
    breaks: 'while joint, an entry is committed by a majority of the old and of the new voters',
    edits: [
      {
        file: quorum,
        original: 'return before < index ? before : index;',
        replacement: 'return before < index ? index : before;',
      },
    ],
    caughtBy: [
      'one leader per term',
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'assertion',
    ],
    seeds: 100,
    profile: 'slowChanges',
  },
  {
    name: 'joint-left-early',
    breaks: 'a joint membership is left when it is committed',
    edits: [
      {
        file: reconfigure,
        original:
          'if (!members.isJoint || members.index > raft.commit || leadership.transfer !== null) return;',
        replacement: 'if (!members.isJoint || leadership.transfer !== null) return;',
      },
    ],
    caughtBy: [
      'one leader per term',
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'assertion',
    ],
    seeds: 100,
    profile: 'changes',
  },
  {
    name: 'learner-counted',
    breaks: "a learner's acknowledgement counts for nothing",
    edits: [
      {
        file: 'cluster/raft/commit.ts',
        original:
          'const held = quorumIndex(\n    raft.log.members.voters,\n    (voter) => leadership.followers.get(voter)?.match ?? raft.durability.persisted,\n  );',
        replacement: `const matches = [raft.durability.persisted, ...[...leadership.followers.values()].map(({ match }) => match)];
          const voters = raft.log.members.voters;
          const held = voters.outgoing.length > 0
            ? quorumIndex(voters, (voter) => leadership.followers.get(voter)?.match ?? raft.durability.persisted)
            : matches.sort((l, r) => r - l)[Math.floor(voters.incoming.length / 2)] ?? raft.commit;`,
      },
    ],
    caughtBy: [
      'one leader per term',
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'assertion',
    ],
    seeds: 100,
    profile: 'slowChanges',
  },
];
