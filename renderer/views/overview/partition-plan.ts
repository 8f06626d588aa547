/** What a partition would do, link by link, and who would keep a quorum. */
import { type Groups, isCutBy } from '../../format/groups.ts';

export type CellState = 'carries' | 'cut' | 'willCut' | 'willHeal';

export interface PartitionPlan {
  /** The state of each directed link, by `from>to`. */
  readonly cells: ReadonlyMap<string, CellState>;
  /** Links, both directions counted as one, that would be cut and are not now. */
  readonly cuts: number;
  /** The group that would still have a majority, if any. */
  readonly quorum: readonly number[] | null;
}

/** The plan for these groups; without groups it is the links as they are now. */
export function planPartition(options: {
  readonly members: readonly number[];
  readonly cutNow: ReadonlySet<string>;
  readonly groups: Groups;
}): PartitionPlan {
  const { members, cutNow, groups } = options;
  const cells = new Map<string, CellState>();
  const pairs = new Set<string>();
  for (const from of members) {
    for (const to of members) {
      if (from === to) continue;
      const key = `${from}>${to}`;
      const now = cutNow.has(key);
      const then = groups.length === 0 ? now : isCutBy(groups, { from, to });
      if (then && !now) pairs.add([from, to].sort((a, b) => a - b).join());
      cells.set(key, then ? (now ? 'cut' : 'willCut') : now ? 'willHeal' : 'carries');
    }
  }
  const needed = Math.floor(members.length / 2) + 1;
  const quorum = withLeftovers(members, groups).find((group) => group.length >= needed) ?? null;
  return { cells, cuts: pairs.size, quorum };
}

/** Members in no group are groups of their own. */
function withLeftovers(members: readonly number[], groups: Groups): Groups {
  const placed = new Set(groups.flat());
  return [...groups, ...members.filter((member) => !placed.has(member)).map((member) => [member])];
}

/** Groups after a member moved to the group at this place. */
export function moveToGroup(
  groups: Groups,
  move: { readonly member: number; readonly group: number; readonly members: readonly number[] },
): Groups {
  const slots: number[][] = Array.from({ length: Math.max(groups.length, move.group + 1, 1) }, () => []);
  const unplaced = move.members.filter((member) => !groups.flat().includes(member));
  groups.forEach((group, at) => {
    slots[at]?.push(...group.filter((member) => member !== move.member));
  });
  slots[0]?.push(...unplaced.filter((member) => member !== move.member));
  slots[move.group]?.push(move.member);
  return slots.map((group) => group.sort((a, b) => a - b)).filter((group) => group.length > 0);
}
