import { describe, expect, it } from 'vitest';
import type { MembershipView, Standing } from '../api/membership.ts';
import { defaultSettings } from '../api/settings.ts';
import type { EnsembleRecord } from './ensemble-file.ts';
import { defaultTiming } from './member-messages.ts';
import { standingsAfter } from './standings.ts';

const nowMs = 1_000;

function recordOf(...wanted: readonly Standing[]): EnsembleRecord {
  return {
    format: 2,
    state: 'created',
    name: 'test',
    clusterId: 1,
    secret: '0'.repeat(64),
    timing: defaultTiming,
    settings: defaultSettings,
    clientPortBase: 0,
    members: wanted.map((standing, at) => ({
      id: at + 1,
      clientPort: at + 1,
      peerPort: at + 101,
      incarnation: at + 10,
      standing,
    })),
    removed: [],
    change: null,
  };
}

const seats = (...ids: readonly number[]) => ids.map((id) => ({ id, incarnation: (id + 9).toString(16) }));

const agreed = (membership: Partial<MembershipView>, settled = true) => ({
  settled,
  membership: { voters: [], outgoing: [], learners: [], removed: [], ...membership },
});

const standings = (record: EnsembleRecord, said: ReturnType<typeof agreed>) =>
  standingsAfter(record, said, nowMs)?.members.map(({ standing }) => standing) ?? null;

describe('the standings on record', () => {
  it('stay while nothing changed', () => {
    expect(standings(recordOf('voter', 'voter'), agreed({ voters: seats(1, 2) }))).toBeNull();
  });

  it('follow what the members agreed on', () => {
    const record = recordOf('voter', 'joining', 'learner');
    const said = agreed({ voters: seats(1, 3), learners: seats(2) });
    expect(standings(record, said)).toEqual(['voter', 'learner', 'voter']);
  });

  it('wait until a change of voters is complete', () => {
    expect(standings(recordOf('voter', 'learner'), agreed({ voters: seats(1, 2) }, false))).toBeNull();
  });

  it('know a seat by its incarnation, not by its number', () => {
    const said = agreed({ voters: [...seats(1), { id: 2, incarnation: 'ffff' }] });
    expect(standings(recordOf('voter', 'joining'), said)).toBeNull();
  });

  it('put a seat that was given up behind a tombstone', () => {
    const said = agreed({ voters: seats(1), removed: seats(2) });
    expect(standingsAfter(recordOf('voter', 'voter'), said, nowMs)).toMatchObject({
      members: [{ standing: 'voter' }, { standing: 'lost' }],
      removed: [{ member: 2, incarnation: 11, why: 'removed', atMs: nowMs, archive: null }],
    });
  });

  it('leave a directory alone that is being made', () => {
    expect(standings(recordOf('voter', 'making'), agreed({ voters: seats(1, 2) }))).toBeNull();
  });
});
