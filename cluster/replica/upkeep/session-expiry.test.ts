/** When a session ends for the silence of its client, over virtual time. */
import { describe, expect, it } from 'vitest';
import { type DiskFaults, noDiskFaults } from '../../fault/disk-faults.ts';
import { VirtualEnsemble } from '../testing/virtual-ensemble.ts';

const full: DiskFaults = { ...noDiskFaults, freeBytes: 0 };

describe('a session', () => {
  it('ends when its client is silent for its timeout', () => {
    const ensemble = new VirtualEnsemble(3);
    const client = ensemble.openSession(ensemble.follower, { timeoutMs: 4_000 });
    client.leave();
    ensemble.run(3_500);
    expect(ensemble.told('sessionExpired')).toHaveLength(0);
    ensemble.run(1_500);
    expect(ensemble.told('sessionExpired')).toHaveLength(1);
  });

  it.each(['leader', 'follower'] as const)(
    'outlives its timeout when its client came back before, though nobody could note it then: to a %s',
    (role) => {
      const ensemble = new VirtualEnsemble(3);
      const left = ensemble.openSession(ensemble[role], { timeoutMs: 4_000 });
      left.leave();
      ensemble.run(3_600);
      for (const member of ensemble.members) member.setDiskFaults(full);
      const back = ensemble.client(ensemble[role]);
      back.connect({ session: left.session, timeoutMs: 4_000 });
      ensemble.run(1_500);
      expect(back.welcome).toBeNull();
      for (const member of ensemble.members) member.setDiskFaults(noDiskFaults);
      ensemble.run(1_500);
      expect(back.welcome?.session).toEqual(left.session);
      expect({ closed: back.closed, expired: ensemble.told('sessionExpired') }).toEqual({
        closed: false,
        expired: [],
      });
    },
  );
});
