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
        original: "this.#state = failure === null ? 'idle' : 'failed';",
        replacement: "this.#state = 'idle';",
      },
    ],
    caughtBy: [
      'leader completeness',
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'one vote a term',
      'terms never fall',
      'starts again',
      'assertion',
    ],
    seeds: 100,
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
      'committed is durable',
      'same log',
      'log matching',
      'no acknowledged write is lost',
      'one vote a term',
      'terms never fall',
      'starts again',
      'assertion',
    ],
    seeds: 100,
    profile: 'brokenDisks',
  },
  {
    name: 'vote-lost-with-damaged-log',
    breaks: 'a vote survives damage to the log',
    edits: [
      {
        file: 'cluster/wal/examine.ts',
        original: 'hardState: newer(hardStateCopy?.hardState ?? null, replay.content.hardState),',
        replacement: 'hardState: replay.content.hardState,',
      },
      {
        file: 'cluster/wal/restored.ts',
        original: "case 'hardState':\n        this.#takeHardState(item.hardState);",
        replacement: "case 'hardState':\n        if (!this.#adrift) this.#takeHardState(item.hardState);",
      },
    ],
    caughtBy: ['one vote a term', 'one leader per term', 'terms never fall', 'assertion'],
    seeds: 100,
    profile: 'damagedVotes',
  },
  {
    name: 'empty-directory-taken-for-new',
    breaks: 'a voter whose directory is gone does not vote any more',
    edits: [
      {
        file: 'cluster/wal/open.ts',
        original: 'const read = readIdentityTwin(disk);\n  if (!read.ok) return read;',
        replacement: `globalThis.identities ??= new Map();
          let read = readIdentityTwin(disk);
          if (read.ok) globalThis.identities.set(expected.member, read.value.identity);
          else {
            if (disk.list('').length > 0 || !globalThis.identities.has(expected.member)) return read;
            initialise(disk, globalThis.identities.get(expected.member), null);
            read = readIdentityTwin(disk);
          }`,
      },
      {
        file: 'cluster/wal/open.ts',
        original: "import { Wal } from './wal.ts';",
        replacement: "import { Wal } from './wal.ts'; import { initialise } from './initialise.ts';",
      },
    ],
    caughtBy: ['empty is not new', 'one vote a term', 'terms never fall', 'leader completeness'],
    seeds: 100,
    profile: 'amnesia',
  },
];
