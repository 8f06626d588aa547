// What the simulator runs to find a seeded bug: short runs in which the faults that matter come often.

/**
 * `ticks` of 10 ms under faults; `options` are merged over what each seed draws.
 * @typedef {{ readonly ticks: number, readonly options: Readonly<Record<string, unknown>> }} Profile
 */

const network = { delayMinMs: 0, delayMaxMs: 5, loss: 0.01, duplication: 0.01 };
const small = { members: 3, clients: 3, inFlightMax: 4, thinkMs: 5 };

export const profiles = /** @type {const} */ ({
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
});

/** @typedef {keyof typeof profiles} ProfileName */
