import { describe, expect, it } from 'vitest';
import { type Cut, cutInTwo, oneWay, ring } from './cuts.ts';

const members = [1, 2, 3, 4, 5];

/** The links that still work, as `from>to`, when each member blocks its part. */
function working(cuts: readonly Cut[]): readonly string[] {
  const linksOf = (id: number) => cuts.find((cut) => cut.id === id)?.links ?? { to: [], from: [] };
  return members.flatMap((from) =>
    members
      .filter((to) => to !== from && !linksOf(from).to.includes(to) && !linksOf(to).from.includes(from))
      .map((to) => `${from}>${to}`),
  );
}

describe('cuts of the network', () => {
  it('in two leave the links within each side', () => {
    expect(working(cutInTwo(members, [2, 5]))).toEqual([
      ...['1>3', '1>4', '2>5', '3>1', '3>4', '4>1', '4>3', '5>2'],
    ]);
  });

  it('one way silence a member, or deafen it', () => {
    const silent = working(oneWay(members, { victims: [3], direction: 'to' }));
    expect(silent.filter((link) => link.includes('3'))).toEqual(['1>3', '2>3', '4>3', '5>3']);
    const deaf = working(oneWay(members, { victims: [3], direction: 'from' }));
    expect(deaf.filter((link) => link.includes('3'))).toEqual(['3>1', '3>2', '3>4', '3>5']);
    expect([silent.length, deaf.length]).toEqual([16, 16]);
  });

  it('to a ring leave each member its two neighbours', () => {
    expect(working(ring(members))).toEqual([
      ...['1>2', '1>5', '2>1', '2>3', '3>2', '3>4', '4>3', '4>5', '5>1', '5>4'],
    ]);
  });
});
