/** Test support: the timing of nearly all tests. */
import type { RaftTiming } from '../state.ts';

/** Ticks of 10 ms at Muster's default timing. */
export const testTiming: RaftTiming = {
  heartbeatTicks: 5,
  electionTicksMin: 25,
  electionTicksMax: 50,
  fastCampaignTicksMax: 2,
};
