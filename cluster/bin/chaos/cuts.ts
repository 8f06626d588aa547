/** Which links a fault of the network cuts, as what each member must block. */
import type { BlockedLinks } from '../../supervisor/member-messages.ts';

export interface Cut {
  readonly id: number;
  readonly links: BlockedLinks;
}

/** `side` on one side, the others on the other: nothing passes between them. */
export function cutInTwo(members: readonly number[], side: readonly number[]): readonly Cut[] {
  return members.map((id) => {
    const others = members.filter((other) => side.includes(other) !== side.includes(id));
    return { id, links: { to: others, from: others } };
  });
}

/** The victims hear everybody and are heard by nobody, or the other way round. */
export function oneWay(
  members: readonly number[],
  { victims, direction }: { readonly victims: readonly number[]; readonly direction: 'to' | 'from' },
): readonly Cut[] {
  return victims.map((id) => {
    const others = members.filter((other) => other !== id);
    return { id, links: { to: [], from: [], [direction]: others } };
  });
}

/** Each member hears only the one before and the one behind it. */
export function ring(members: readonly number[]): readonly Cut[] {
  return members.map((id, at) => {
    const isFar = (_: number, other: number): boolean => {
      const distance = Math.abs(other - at);
      return Math.min(distance, members.length - distance) > 1;
    };
    const far = members.filter(isFar);
    return { id, links: { to: far, from: far } };
  });
}
