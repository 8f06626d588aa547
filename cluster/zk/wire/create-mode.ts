/** `CreateMode` as the flags of the wire. Containers (4) and znodes with a lifetime (5, 6) are not offered. */
import type { CreateMode } from '../records.ts';

const modes: readonly CreateMode[] = [
  'persistent',
  'ephemeral',
  'persistentSequential',
  'ephemeralSequential',
];

/** The mode of a flag, or null when this server does not offer it. */
export function createModeOf(flags: number): CreateMode | null {
  return modes[flags] ?? null;
}

export function createFlags(mode: CreateMode): number {
  return modes.indexOf(mode);
}
