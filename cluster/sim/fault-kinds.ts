/** Everything the simulator breaks, by name; a report counts each. */

export const faultKinds = ['crash', 'pause', 'partition', 'oneWay'] as const;

export type FaultKind = (typeof faultKinds)[number];

/** How often each kind happened. */
export type FaultCounts = Record<FaultKind, number>;

export function noFaults(): FaultCounts {
  return Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts;
}
