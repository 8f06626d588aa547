/**
 * What pre-vote and check-quorum are for: one link is down, everybody else is connected (Cloudflare's outage
 * of November 2020). Without them a good leader falls, or a useless one stays.
 */
import { describe, expect, it } from 'vitest';
import { Ensemble } from './testing/ensemble.ts';
import { seededRandom } from './testing/random.ts';

type Switch = 'on' | 'off';

interface Switches {
  readonly preVote: Switch;
  readonly checkQuorum: Switch;
}

/** Member 1 leads in term 2; the others followed and hold its entries. */
function led(switches: Switches): Ensemble {
  const ensemble = new Ensemble({ size: 3, random: seededRandom(5), ...switches });
  ensemble.timeOut(1);
  ensemble.settle();
  ensemble.run(10);
  return ensemble;
}

function termAfter(ensemble: Ensemble, ticks: number): number {
  ensemble.run(ticks);
  return Math.max(...ensemble.members.map(({ id }) => ensemble.raft(id).status().term));
}

describe('while a follower and its leader do not reach each other, but all others do', () => {
  function withoutLink(switches: Switches): Ensemble {
    const ensemble = led(switches);
    ensemble.passes = ({ from, to }) => !(Math.min(from, to) === 1 && Math.max(from, to) === 2);
    return ensemble;
  }

  it('the leader is brought down, again and again, when both switches are off', () => {
    expect(termAfter(withoutLink({ preVote: 'off', checkQuorum: 'off' }), 2_000)).toBeGreaterThan(4);
  });

  it('nothing changes with both', () => {
    const ensemble = withoutLink({ preVote: 'on', checkQuorum: 'on' });
    expect(termAfter(ensemble, 2_000)).toBe(2);
    expect(ensemble.leader).toBe(1);
  });

  it('pre-vote alone is enough: the member that hears the leader refuses', () => {
    expect(termAfter(withoutLink({ preVote: 'on', checkQuorum: 'off' }), 2_000)).toBe(2);
  });
});

describe('while the leader hears nobody, but is heard', () => {
  function deaf(switches: Switches): Ensemble {
    const ensemble = led(switches);
    ensemble.passes = ({ to }) => to !== 1;
    return ensemble;
  }

  it('it keeps everybody from electing another without check-quorum, and commits nothing', () => {
    const ensemble = deaf({ preVote: 'on', checkQuorum: 'off' });
    expect(termAfter(ensemble, 1_000)).toBe(2);
    const { commit } = ensemble.raft(1).status();
    ensemble.step(1, { kind: 'proposed', payloads: [new Uint8Array(1)] });
    ensemble.run(100);
    expect(ensemble.raft(1).status().commit).toBe(commit);
  });

  it('it steps down with check-quorum, and the others go on', () => {
    const ensemble = deaf({ preVote: 'on', checkQuorum: 'on' });
    ensemble.run(300);
    expect(ensemble.leader).not.toBe(1);
    expect(ensemble.raft(1).status().role).not.toBe('leader');
  });
});
