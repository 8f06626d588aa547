/** Cores under everything that can go wrong: safe while it lasts, live after. */
import { expect, it } from 'vitest';
import { seatsOf } from '../base/membership.ts';
import { Chaos } from './testing/chaos.ts';
import { Ensemble } from './testing/ensemble.ts';
import { seededRandom } from './testing/random.ts';

const phasesPerSeed = 40;
/** Short, so that there are many elections. */
const timing = { heartbeatTicks: 2, electionTicksMin: 6, electionTicksMax: 12, fastCampaignTicksMax: 2 };
const seeds = Array.from({ length: 40 }, (_, at) => at + 1);
const counts = new Map<string, number>();

for (const seed of seeds) {
  it(`keeps every promise of figure 3, and recovers, with seed ${seed}`, () => {
    const random = seededRandom(seed);
    const ensemble = new Ensemble({
      size: 3 + random(3),
      random,
      preVote: random(4) === 0 ? 'off' : 'on',
      checkQuorum: random(4) === 0 ? 'off' : 'on',
      timing,
    });
    const chaos = new Chaos(ensemble, random);
    for (let phase = 0; phase < phasesPerSeed; phase += 1) chaos.disturb();
    for (const [what, count] of chaos.counts) counts.set(what, (counts.get(what) ?? 0) + count);
    chaos.heal();
    expect(progressAfter(ensemble)).toBe('every member applied the same, up to the last proposal');
    expect(chaos.violations).toEqual([]);
  });
}

it('met everything that it is about', () => {
  const met = Object.fromEntries([...counts].sort());
  for (const what of [
    'addLearner',
    'promote',
    'remove',
    'transfer',
    'installed',
    'damage point',
    'damage unknown',
  ])
    expect(met).toHaveProperty(what);
});

function progressAfter(ensemble: Ensemble): string {
  const { leader } = ensemble;
  if (leader === null) return 'no leader';
  const proposal = { kind: 'proposed', payloads: [new Uint8Array([1])] } as const;
  const { refused } = ensemble.step(leader, proposal);
  if (refused !== null) return `refused: ${refused}`;
  ensemble.run(30);
  ensemble.compareLogs();
  const { last, membership } = ensemble.raft(leader).status();
  const behind = seatsOf(membership).filter(({ id }) => ensemble.member(id).applied.at(-1)?.index !== last);
  if (behind.length > 0) return `behind: ${behind.map(({ id }) => id).join(' ')}`;
  return 'every member applied the same, up to the last proposal';
}
