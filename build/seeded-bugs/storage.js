// Seeded bugs between consensus and its disk.

const logWriter = 'cluster/replica/log-writer.ts';

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const storage = [
  {
    name: 'disk-failure-ignored',
    breaks: 'what the disk refused is not acknowledged',
    edits: [
      {
        file: logWriter,
        original: 'if (failure !== null) {\n        this.#trouble(failure, () => this.#reopen(taken));',
        replacement:
          'if (failure !== null && taken.length === 0) {\n        this.#trouble(failure, () => this.#reopen(taken));',
      },
      {
        file: 'cluster/wal/wal.ts',
        original: "this.#state = failed === null ? 'idle' : 'failed';",
        replacement: "this.#state = 'idle';",
      },
    ],
    caughtBy: [
      'leader completeness',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'one vote a term',
      'terms never fall',
      'starts again',
      'assertion',
    ],
    seeds: 30,
    profile: 'brokenDisks',
  },
  {
    name: 'batch-lost-on-retry',
    breaks: 'what the disk refused is written again',
    edits: [
      {
        file: logWriter,
        original: 'if (failure === null) this.#append(taken);',
        replacement:
          "if (failure === null) { this.#state = 'idle'; this.#host.written(taken); this.#goOn(); }",
      },
    ],
    caughtBy: [
      'leader completeness',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'one vote a term',
      'terms never fall',
      'starts again',
      'assertion',
    ],
    seeds: 30,
    profile: 'brokenDisks',
  },
  {
    name: 'hard-state-copy-stale',
    breaks: 'a vote survives damage to either of its copies',
    edits: [
      {
        file: 'cluster/wal/wal.ts',
        original: 'const failed = failure ?? this.#noteHardState(after);',
        replacement: 'const failed = failure;',
      },
    ],
    caughtBy: ['one vote a term', 'one leader per term', 'terms never fall', 'assertion'],
    seeds: 60,
    profile: 'damage',
  },
];
