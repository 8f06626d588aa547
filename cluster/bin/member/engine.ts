/** The consensus engine of a real process: Raft, timed as the ensemble is set. */
import { type Incarnation, memberId } from '../../base/ids.ts';
import { createRandom } from '../../node/random.ts';
import type { Consensus, RestoredLog } from '../../ports/consensus.ts';
import { createRaft } from '../../raft/engine.ts';
import type { MemberConfiguration } from '../../supervisor/member-messages.ts';

/** The unit of every timeout of consensus and sessions. */
export const tickMs = 10;
/** Longest random delay of a campaign at the start, and once the leader's process is known to be gone. */
const fastCampaignMaxMs = 30;

export function createEngine(
  { member, timing, settings }: MemberConfiguration,
  incarnation: Incarnation,
  restored: RestoredLog,
): Consensus {
  const random = createRandom();
  const { preVote, checkQuorum, elections } = settings;
  return createRaft({
    id: memberId(member),
    incarnation,
    random: (limit) => random.below(limit),
    timing: {
      heartbeatTicks: ticks(timing.heartbeatMs),
      electionTicksMin: ticks(timing.electionMinMs),
      electionTicksMax: ticks(timing.electionMaxMs),
      fastCampaignTicksMax: ticks(fastCampaignMaxMs),
    },
    preVote,
    checkQuorum,
    elections,
    // Without a pre-vote a member that starts would disturb a leader that works.
    firstCampaign: preVote === 'on' ? 'soon' : 'afterTimeout',
    restored,
  });
}

function ticks(durationMs: number): number {
  return Math.max(1, Math.round(durationMs / tickMs));
}
