/** Partitions as the links they cut. */
import { fail, ok, type Result } from '../base/result.ts';
import type { BlockedLinks } from './member-messages.ts';

export const noBlockedLinks: BlockedLinks = { to: [], from: [] };

/**
 * What each member must block so that only members of one group hear each other. A member in no
 * group is alone. Fails with a sentence when a group names an unknown member, or two groups one member.
 */
export function blockedByPartition(
  members: readonly number[],
  groups: readonly (readonly number[])[],
): Result<ReadonlyMap<number, BlockedLinks>, string> {
  const groupOf = new Map<number, number>();
  for (const [group, ids] of groups.entries()) {
    for (const id of ids) {
      if (!members.includes(id)) return fail(`There is no member ${id}.`);
      if (groupOf.has(id)) return fail(`Member ${id} is named twice.`);
      groupOf.set(id, group);
    }
  }
  // A negative group of its own for everyone not named.
  const sideOf = (id: number) => groupOf.get(id) ?? -id;
  const blocked = new Map<number, BlockedLinks>();
  for (const id of members) {
    const others = members.filter((other) => other !== id && sideOf(other) !== sideOf(id));
    blocked.set(id, { to: others, from: others });
  }
  return ok(blocked);
}
