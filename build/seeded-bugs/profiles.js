// What the simulator runs to find a seeded bug: short runs in which the faults that matter come often.

/**
 * `ticks` of 10 ms under faults; `options` take the place of what a seed draws, and faults not named do not happen.
 * @typedef {object} Profile
 * @property {number} ticks
 * @property {Readonly<Record<string, unknown>> & { readonly faults: Readonly<Record<string, number>> }} options
 * @property {readonly import('./mutation.js').Edit[]} [edits] limits made so small that a few writes reach them
 */

/** @typedef {'crashes' | 'isolation' | 'badNetwork'} ProfileName */

const network = { delayMinMs: 0, delayMaxMs: 5, loss: 0.01, duplication: 0.01 };
const small = { members: 3, clients: 3, inFlightMax: 4, thinkMs: 5 };

/** @type {Readonly<Record<ProfileName, Profile>>} */
export const profiles = {
  /** Processes die often. */
  crashes: {
    ticks: 1_500,
    options: {
      ...small,
      network,
      faultEveryMs: 250,
      faults: { crash: 6, pause: 0, partition: 1, oneWay: 0 },
    },
  },
  /** Members are cut off and paused: leaders that do not know that they are none. */
  isolation: {
    ticks: 1_500,
    options: {
      ...small,
      network,
      faultEveryMs: 400,
      faults: { crash: 1, pause: 3, partition: 4, oneWay: 3 },
    },
  },
  /** Frames are lost, doubled and late. */
  badNetwork: {
    ticks: 1_500,
    options: {
      ...small,
      network: { delayMinMs: 0, delayMaxMs: 40, loss: 0.05, duplication: 0.1 },
      faultEveryMs: 600,
      faults: { crash: 2, pause: 1, partition: 3, oneWay: 1 },
    },
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
