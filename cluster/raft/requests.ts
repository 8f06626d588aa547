/** What an operator may ask of consensus: hand over, campaign, change the membership. */
import { unreachable } from '../base/assert.ts';
import type { MemberId } from '../base/ids.ts';
import type { MembershipChange } from '../base/membership.ts';
import { campaign, mayCampaign } from './election.ts';
import { changeMembership } from './reconfigure.ts';
import type { Refusal } from './refusal.ts';
import type { Raft } from './state.ts';
import { beginTransfer } from './transfer.ts';

/** `ConsensusRequest` of the `Consensus` port. */
export type RaftRequest =
  | { readonly kind: 'transfer'; readonly to: MemberId | null }
  | { readonly kind: 'campaign' }
  | { readonly kind: 'changeMembership'; readonly change: MembershipChange };

/** Begins what was asked for, or says why not. */
export function onRequest(raft: Raft, request: RaftRequest): Refusal | null {
  switch (request.kind) {
    case 'transfer':
      return raft.role.kind === 'leader' ? beginTransfer(raft, raft.role, request.to) : 'notLeader';
    case 'campaign':
      return requestCampaign(raft);
    case 'changeMembership':
      return raft.role.kind === 'leader' ? changeMembership(raft, raft.role, request.change) : 'notLeader';
    default:
      return unreachable(request);
  }
}

/** One attempt, by the ordinary rules: with pre-vote it disturbs no leader that is heard. */
function requestCampaign(raft: Raft): Refusal | null {
  if (raft.role.kind === 'leader') return 'alreadyLeader';
  if (!raft.log.members.isElectable(raft.commit)) return 'notVoter';
  if (!mayCampaign(raft)) return 'mayNotLead';
  campaign(raft);
  return null;
}
