// What the simulator runs to find a seeded bug: short runs in which the faults that matter come often.

/**
 * `ticks` of 10 ms under faults; `options` take the place of what a seed draws, and faults not named do not happen.
 * @typedef {object} Profile
 * @property {number} ticks
 * @property {Readonly<Record<string, unknown>> & { readonly faults: Readonly<Record<string, number>> }} options
 * @property {readonly import('./mutation.js').Edit[]} [edits] limits made so small that a few writes reach them
 */

/**
 * @typedef {'crashes' | 'elections' | 'slowDisks' | 'divergence' | 'reads' | 'badNetwork' | 'damage' | 'damagedVotes' | 'amnesia' | 'brokenDisks'
 *   | 'changes' | 'slowChanges' | 'snapshots' | 'sessions' | 'fallingLeaders'} ProfileName
 */

const network = { delayMinMs: 0, delayMaxMs: 5, loss: 0.01, duplication: 0.01 };
const settings = {
  elections: 'automatic',
  preVote: 'on',
  checkQuorum: 'on',
  linearizableReads: 'off',
  slowDiskMs: null,
  snapshots: { everyEntries: 1_000, everyBytes: 64 * 1024 * 1024, kept: 2, logEntriesKept: 500 },
};
const common = {
  members: 3,
  clients: 4,
  inFlightMax: 2,
  thinkMs: 60,
  sessionTimeoutMs: 10_000,
  leaves: 0,
  mix: { append: 3, multi: 1, register: 3, freshRead: 3, read: 1, watch: 1, ephemeral: 1 },
  registers: 2,
  dataBytesMax: 20,
  network,
  settings,
};

const changes = {
  ...common,
  members: 5,
  settings: { ...settings, checkQuorum: 'off' },
  network: { ...network, delayMaxMs: 40 },
  faultEveryMs: 800,
  faults: { addMember: 6, promote: 6, removeMember: 6, crash: 2, partition: 5, slowDisk: 2 },
};
/** Partitions leave the leader alone, or with one other. @param {1 | 2} side */
const leadersCutOff = (side) => ({
  file: 'cluster/sim/nemesis/network-faults.ts',
  original:
    'export function partition(field: Field): Mend | null {\n  const [inside, outside] = sides(field);',
  replacement: `export function partition(field: Field): Mend | null {
    const leader = field.ensemble.leader?.member.id;
    const ids = shuffled(field).sort((a, b) => Number(b === leader) - Number(a === leader));
    const [inside, outside] = [ids.slice(0, ${side}), ids.slice(${side})];`,
});
/** What is damaged is the newest part of the log. */
const logDamaged = [
  {
    file: 'cluster/sim/disk.ts',
    original: 'const path = this.#random.pick(paths);',
    replacement:
      "const path = paths.filter((one) => one.startsWith('log/')).at(-1) ?? this.#random.pick(paths);",
  },
];

/** @type {Readonly<Record<ProfileName, Profile>>} */
export const profiles = {
  /** Power fails often: what no fsync covers is lost. */
  crashes: {
    ticks: 3_000,
    options: { ...common, faultEveryMs: 1_000, faults: { powerCut: 6, crash: 2, blackout: 1, partition: 1 } },
  },
  /** Rivals for every term, votes that wait for slow disks, and power that fails meanwhile. */
  elections: {
    ticks: 3_000,
    options: {
      ...common,
      members: 5,
      clients: 1,
      network: { ...network, delayMaxMs: 40 },
      settings: { ...settings, preVote: 'off', checkQuorum: 'off' },
      faultEveryMs: 700,
      faults: { powerCut: 6, crash: 4, slowDisk: 5, slowLink: 2, partition: 1 },
    },
  },
  /** Power fails where an fsync takes its time. */
  slowDisks: {
    ticks: 3_000,
    options: {
      ...common,
      faultEveryMs: 900,
      faults: { slowDisk: 4, transfer: 4, powerCut: 4, blackout: 1, partition: 1 },
    },
  },
  /** Leaders are cut off with clients that keep writing: logs that part ways. */
  divergence: {
    ticks: 2_000,
    options: {
      ...common,
      clients: 4,
      inFlightMax: 8,
      thinkMs: 60,
      mix: { ...common.mix, append: 9 },
      faultEveryMs: 1_400,
      faults: { partition: 5, oneWay: 2, pause: 2, crash: 2, slowLink: 1 },
    },
  },
  /** Leaders that do not know that they are none, members that lag, and clients that want the newest of both. */
  reads: {
    ticks: 3_000,
    options: {
      ...common,
      clients: 6,
      inFlightMax: 1,
      thinkMs: 60,
      // Who writes on the wrong side waits for an answer, and reads no more.
      mix: { append: 0, multi: 0, register: 1, freshRead: 14, read: 0, watch: 0, ephemeral: 0 },
      registers: 1,
      network: { ...network, delayMaxMs: 15, loss: 0.03 },
      settings: { ...settings, checkQuorum: 'off' },
      faultEveryMs: 1_800,
      faults: { partition: 6, pause: 3, slowLink: 4, slowDisk: 3, crash: 2, oneWay: 1, transfer: 1 },
    },
  },
  /** Frames are lost, doubled and late. */
  badNetwork: {
    ticks: 3_000,
    options: {
      ...common,
      inFlightMax: 8,
      network: { delayMinMs: 0, delayMaxMs: 40, loss: 0.05, duplication: 0.1 },
      faultEveryMs: 2_000,
      faults: { crash: 2, pause: 1, partition: 3, slowLink: 2, flaky: 2, reset: 2 },
    },
  },
  /** Bits flip in files. */
  damage: {
    ticks: 3_000,
    options: {
      ...common,
      faultEveryMs: 900,
      faults: { bitFlip: 6, crash: 3, powerCut: 2, partition: 2, pause: 1 },
    },
    edits: logDamaged,
  },
  /** Bits flip while leadership goes round: files with many terms and votes in them. */
  damagedVotes: {
    ticks: 3_000,
    options: { ...common, faultEveryMs: 400, faults: { bitFlip: 4, transfer: 10, campaign: 2, crash: 1 } },
    edits: logDamaged,
  },
  /** Whole directories are lost, and their members are started all the same. */
  amnesia: {
    ticks: 3_000,
    options: { ...common, faultEveryMs: 900, faults: { amnesia: 4, crash: 3, partition: 3, powerCut: 2 } },
  },
  /** Disks are full or fail, and power fails too. */
  brokenDisks: {
    ticks: 3_000,
    options: {
      ...common,
      faultEveryMs: 1_000,
      faults: { fullDisk: 4, ioError: 4, powerCut: 5, blackout: 1 },
    },
  },
  /** Members come and go, several at a time, while the leader is cut off with one other. */
  changes: { ticks: 4_000, options: changes, edits: [leadersCutOff(2)] },
  /** The same where the two halves of a change take their time. */
  slowChanges: {
    ticks: 4_000,
    options: changes,
    edits: [
      leadersCutOff(2),
      {
        file: 'cluster/raft/reconfigure.ts',
        original: 'export function completeChange(raft: Raft, leadership: Leadership): void {',
        replacement:
          'export function completeChange(raft: Raft, leadership: Leadership): void { if (raft.nowTick % 100 !== 0) return;',
      },
    ],
  },
  /** Snapshots all the time, and members that were away so long that they need one. */
  snapshots: {
    ticks: 3_000,
    options: {
      ...common,
      settings: {
        ...settings,
        snapshots: { ...settings.snapshots, everyEntries: 50, logEntriesKept: 0 },
      },
      faultEveryMs: 1_200,
      faults: { snapshot: 3, crash: 3, powerCut: 2, partition: 4, pause: 2 },
    },
  },
  /** Short sessions, and clients that come and go. */
  sessions: {
    ticks: 3_000,
    options: {
      ...common,
      sessionTimeoutMs: 4_000,
      leaves: 0.02,
      mix: { append: 2, multi: 3, register: 1, freshRead: 1, read: 2, watch: 4, ephemeral: 4 },
      faultEveryMs: 1_500,
      faults: { crash: 2, pause: 4, partition: 4, clientCut: 5, transfer: 1 },
    },
  },
  /**
   * Leaders fall as soon as they stand: five members, and one message with one entry at a time, so that a new
   * leader's own entry comes long after what it found.
   */
  fallingLeaders: {
    ticks: 8_000,
    options: {
      ...common,
      members: 5,
      tickMs: 40,
      clients: 3,
      inFlightMax: 8,
      thinkMs: 300,
      mix: { append: 9, multi: 0, register: 0, freshRead: 0, read: 1, watch: 0, ephemeral: 0 },
      network: { delayMinMs: 50, delayMaxMs: 200, loss: 0.01, duplication: 0.01 },
      faultEveryMs: 2_000,
      faults: { crash: 4, partition: 4 },
    },
    edits: [
      {
        file: 'cluster/base/limits.ts',
        original: 'export const appendBytesMax = 1024 * 1024;',
        replacement: 'export const appendBytesMax = 64;',
      },
      {
        file: 'cluster/base/limits.ts',
        original: 'export const appendMessagesInFlightMax = 64;',
        replacement: 'export const appendMessagesInFlightMax = 1;',
      },
      {
        file: 'cluster/sim/nemesis/process-faults.ts',
        original: 'export function crash(field: Field): Mend | null {\n  const target = pickRunning(field);',
        replacement:
          'export function crash(field: Field): Mend | null {\n  const target = field.ensemble.leader?.member ?? pickRunning(field);',
      },
      leadersCutOff(1),
    ],
  },
};

/** The edits that make every seed of the simulator draw this profile. @param {ProfileName} name @returns {readonly import('./mutation.js').Edit[]} */
export function profileEdits(name) {
  const { options, edits = [] } = profiles[name];
  return [
    ...edits,
    {
      file: 'cluster/sim/options.ts',
      original: 'const drawn = draw(random);',
      replacement: `const own = draw(random);
        const none = Object.fromEntries(Object.keys(own.faults).map((kind) => [kind, 0]));
        const profile = ${JSON.stringify(options)};
        const drawn = { ...own, ...profile, faults: { ...none, ...profile.faults } } as SimOptions;`,
    },
  ];
}
