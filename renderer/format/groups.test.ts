import { expect, it } from 'vitest';
import { groupsText, isCutBy, parseGroups } from './groups.ts';

const members = [1, 2, 3];

it('reads groups with bars or slashes, commas or spaces', () => {
  expect(parseGroups('1 | 2,3', members)).toEqual({ kind: 'groups', groups: [[1], [2, 3]] });
  expect(parseGroups('1/2 3', members)).toEqual({ kind: 'groups', groups: [[1], [2, 3]] });
});

it('says what it cannot read', () => {
  expect(parseGroups('1 | x', members)).toEqual({ kind: 'unreadable' });
  expect(parseGroups('1 | 4', members)).toEqual({ kind: 'unknownMember', member: 4 });
  expect(parseGroups('1 | 1', members)).toEqual({ kind: 'repeatedMember', member: 1 });
});

it('writes groups as they are read', () => {
  expect(groupsText([[1], [2, 3]])).toBe('1 | 2,3');
});

it('cuts links between groups and to members in none', () => {
  expect(isCutBy([[1, 2]], { from: 1, to: 2 })).toBe(false);
  expect(isCutBy([[1, 2]], { from: 2, to: 3 })).toBe(true);
  expect(isCutBy([[1, 2]], { from: 3, to: 3 })).toBe(false);
});
