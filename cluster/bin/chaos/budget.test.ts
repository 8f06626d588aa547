import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../sim/random.ts';
import { FaultBudget } from './budget.ts';

const random = createSeededRandom('budget');
const spared = { random, majority: 'spared' } as const;
const unheard = () => undefined;
const risked = { random, majority: 'risked' } as const;

describe('the budget of faults', () => {
  it('leaves a majority undisturbed where it must', () => {
    const budget = new FaultBudget([1, 2, 3, 4, 5], unheard);
    const taken = budget.take(2, spared) ?? [];
    expect(new Set(taken).size).toBe(2);
    expect(budget.take(1, spared)).toBeNull();
    budget.release(taken.slice(0, 1));
    expect(budget.take(1, spared)).toHaveLength(1);
  });

  it('takes whom it finds where the majority may be risked, and nobody twice', () => {
    const budget = new FaultBudget([1, 2, 3], unheard);
    const [first] = budget.take(1, spared) ?? [];
    expect([first, ...(budget.take(3, risked) ?? [])].sort()).toEqual([1, 2, 3]);
    expect(budget.take(1, risked)).toBeNull();
  });

  it('says when no majority is left undisturbed, and when there is one again', () => {
    const heard: string[] = [];
    const budget = new FaultBudget([1, 2, 3], (majority) => heard.push(majority));
    budget.take(1, spared);
    const more = budget.take(1, risked) ?? [];
    budget.release(more);
    expect(heard).toEqual(['undisturbed', 'disturbed', 'undisturbed']);
  });

  it('never has more than a minority of the disks damaged', () => {
    const budget = new FaultBudget([1, 2, 3, 4, 5], unheard);
    budget.damage(1);
    expect(budget.mayDamage).toBe(true);
    budget.damage(4);
    expect(budget.mayDamage).toBe(false);
    expect(() => budget.damage(5)).toThrow('more than a minority of the disks');
    budget.repaired(1);
    expect(budget.mayDamage).toBe(true);
  });
});
