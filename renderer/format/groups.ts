/** Groups of a partition as text: `1 | 2,3`. */

export type Groups = readonly (readonly number[])[];

export type ParsedGroups =
  | { readonly kind: 'groups'; readonly groups: Groups }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unknownMember'; readonly member: number }
  | { readonly kind: 'repeatedMember'; readonly member: number };

/** Reads groups separated by `|` or `/`, members by commas or spaces. */
export function parseGroups(text: string, members: readonly number[]): ParsedGroups {
  const seen = new Set<number>();
  const groups: number[][] = [];
  for (const part of text.split(/[|/]/)) {
    const group: number[] = [];
    for (const word of part.split(/[\s,]+/).filter(Boolean)) {
      if (!/^[0-9]+$/.test(word)) return { kind: 'unreadable' };
      const member = Number(word);
      if (!members.includes(member)) return { kind: 'unknownMember', member };
      if (seen.has(member)) return { kind: 'repeatedMember', member };
      seen.add(member);
      group.push(member);
    }
    if (group.length > 0) groups.push(group);
  }
  return { kind: 'groups', groups };
}

/** Groups as they are typed. */
export function groupsText(groups: Groups): string {
  return groups.map((group) => group.join(',')).join(' | ');
}

/** Directed links that a partition into these groups cuts; a member in no group is one of its own. */
export function isCutBy(groups: Groups, link: { readonly from: number; readonly to: number }): boolean {
  if (link.from === link.to) return false;
  return !groups.some((group) => group.includes(link.from) && group.includes(link.to));
}
