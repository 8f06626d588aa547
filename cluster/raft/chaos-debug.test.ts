import { it } from 'vitest';
import { Chaos } from './testing/chaos.ts';
import { describeLog, describeMember, describeMembership } from './testing/describe.ts';
import { Ensemble } from './testing/ensemble.ts';
import { seededRandom } from './testing/random.ts';

const timing = { heartbeatTicks: 2, electionTicksMin: 6, electionTicksMax: 12, fastCampaignTicksMax: 2 };
it('debug', () => {
  const random = seededRandom(Number(process.env['SEED']));
  const o = {
    size: 3 + random(3),
    random,
    preVote: random(4) === 0 ? 'off' : 'on',
    checkQuorum: random(4) === 0 ? 'off' : 'on',
    timing,
  } as const;
  const ensemble = new Ensemble(o);
  const chaos = new Chaos(ensemble, random);
  for (let phase = 0; phase < 40; phase += 1) chaos.disturb();
  chaos.heal();
  console.log(o.preVote, o.checkQuorum);
  for (const m of ensemble.members) {
    console.log(
      describeMember(m),
      m.incarnation,
      m.raft?.status().repairing,
      JSON.stringify(m.disk.votingBound),
    );
    console.log(describeMembership(m));
    console.log(
      JSON.stringify(
        m.raft?.entries((m.raft.status().last - 5) as any, 9).map((e) => [e.index, e.term, e.kind]),
      ),
    );
  }
});
