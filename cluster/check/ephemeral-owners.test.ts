import { describe, expect, it } from 'vitest';
import { sessionId } from '../base/ids.ts';
import { EphemeralOwners } from './ephemeral-owners.ts';

const [one, two] = [sessionId(1), sessionId(2)];

function checker(): EphemeralOwners {
  const owners = new EphemeralOwners();
  owners.created('/e', one);
  return owners;
}

describe('ephemerals and their sessions', () => {
  it('accepts znodes of living sessions, and that they go with them', () => {
    checker().verify(new Map([['/e', one]]), new Set([one, two]), 'atTheEnd');
    const owners = checker();
    owners.ended(one);
    owners.verify(new Map(), new Set([two]), 'atTheEnd');
  });

  it('forgets what a forced recovery may have lost', () => {
    const owners = checker();
    owners.recovered();
    owners.verify(new Map(), new Set([one]), 'underWay');
  });

  it('finds one that outlives its session, in the table or as the client was told', () => {
    const survived = expect.objectContaining({ promise: 'ephemerals go with their session' });
    expect(() => checker().verify(new Map([['/e', one]]), new Set([two]), 'underWay')).toThrow(survived);
    const told = checker();
    told.ended(one);
    expect(() => told.verify(new Map([['/e', one]]), new Set([one]), 'atTheEnd')).toThrow(survived);
  });

  it('finds one that is gone although its session lives', () => {
    expect(() => checker().verify(new Map(), new Set([one]), 'underWay')).toThrow(
      expect.objectContaining({ promise: 'ephemerals stay with their session' }),
    );
  });
});
