/** Everything the simulator breaks or has an operator do, by name; a report counts each. */

export const faultKinds = [
  // Processes: killed, killed over and over, without power (alone or all), stopped for a while.
  'crash',
  'crashLoop',
  'powerCut',
  'blackout',
  'pause',
  // A member's wall clock.
  'clockJump',
  'clockDrift',
  // Links between members.
  'partition',
  'oneWay',
  'ring',
  'reset',
  'slowLink',
  'flaky',
  // The link of a client.
  'clientCut',
  'clientSlow',
  // Disks. `tornWrite` comes of a power cut, `lostSync` of a disk that lied until its process was killed;
  // `amnesia` is an empty directory under the old name.
  'tornWrite',
  'lostSync',
  'bitFlip',
  'amnesia',
  'slowDisk',
  'fullDisk',
  'ioError',
  // What an operator does while all that happens.
  'transfer',
  'campaign',
  'snapshot',
  'addMember',
  'promote',
  'removeMember',
  'replaceMember',
  'forcedRecovery',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** How often each kind happened. */
export type FaultCounts = Record<FaultKind, number>;

export function noFaults(): FaultCounts {
  return Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts;
}
