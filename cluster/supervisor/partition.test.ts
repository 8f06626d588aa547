import { expect, it } from 'vitest';
import { blockedByPartition } from './partition.ts';

it('cuts the links between groups, and a member in no group from everyone', () => {
  const blocked = blockedByPartition([1, 2, 3, 4, 5], [[1, 2], [3]]);
  expect(blocked.ok && Object.fromEntries(blocked.value)).toEqual({
    1: { to: [3, 4, 5], from: [3, 4, 5] },
    2: { to: [3, 4, 5], from: [3, 4, 5] },
    3: { to: [1, 2, 4, 5], from: [1, 2, 4, 5] },
    4: { to: [1, 2, 3, 5], from: [1, 2, 3, 5] },
    5: { to: [1, 2, 3, 4], from: [1, 2, 3, 4] },
  });
});

it('refuses unknown members and members named twice', () => {
  expect(blockedByPartition([1, 2, 3], [[1], [4]])).toEqual({ ok: false, error: 'There is no member 4.' });
  expect(blockedByPartition([1, 2, 3], [[1], [1, 2]])).toEqual({
    ok: false,
    error: 'Member 1 is named twice.',
  });
});
