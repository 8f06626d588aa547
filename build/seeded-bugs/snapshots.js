// Seeded bugs in snapshots: what they hold, and what takes their place.

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const snapshots = [
  {
    name: 'entry-skipped-after-install',
    breaks: 'behind a snapshot the store goes on with the next entry',
    edits: [
      {
        file: 'cluster/raft/snapshots.ts',
        original: 'raft.handedOver = index;',
        replacement: 'raft.handedOver = (index + 1) as typeof index;',
      },
    ],
    caughtBy: ['assertion'],
    seeds: 100,
    profile: 'snapshots',
  },
  {
    name: 'snapshot-misses-change',
    breaks: 'a snapshot is that of one moment, whatever changes while it is taken',
    edits: [
      {
        file: 'cluster/zk/tree.ts',
        original: '#beforeChange(znode: ZnodeRow): void {\n    this.#image?.keep(znode);',
        replacement: '#beforeChange(znode: ZnodeRow): void {',
      },
    ],
    caughtBy: ['assertion', 'same digest', 'progress'],
    seeds: 100,
    profile: 'snapshots',
  },
  {
    name: 'zxid-rewound-on-restore',
    breaks: 'zxids go on behind a snapshot where they were',
    edits: [
      {
        file: 'cluster/zk/store-loader.ts',
        original: 'this.#state.entriesOfTerm = header.entriesOfTerm;',
        replacement: 'this.#state.entriesOfTerm = 0;',
      },
    ],
    caughtBy: ['same digest', 'zxid never falls', 'assertion'],
    seeds: 100,
    profile: 'snapshots',
  },
  {
    name: 'sequence-not-in-snapshot',
    breaks: 'sequence numbers go on behind a snapshot where they were',
    edits: [
      {
        file: 'cluster/zk/image-records.ts',
        original: 'childrenCreated: reader.readInt32(),',
        replacement: 'childrenCreated: Math.min(0, reader.readInt32()),',
      },
    ],
    caughtBy: ['same digest', 'assertion', 'progress'],
    seeds: 100,
    profile: 'snapshots',
  },
  {
    name: 'forwards-not-in-snapshot',
    breaks: 'a snapshot remembers which commands were applied',
    edits: [
      {
        file: 'cluster/zk/origins.ts',
        original: 'this.#streams.set(origin.incarnation, { origin, lastSequence });',
        replacement: 'this.#streams.set(origin.incarnation, { origin, lastSequence: lastSequence - 1 });',
      },
      {
        file: 'cluster/zk/origins.ts',
        original: 'hash.integer(lastSequence);',
        replacement: '',
      },
    ],
    caughtBy: ['same digest', 'exactly once', 'assertion'],
    seeds: 100,
    profile: 'snapshots',
  },
];
