/** Why a proposal or a request was not taken: `ConsensusRefusal` of the `Consensus` port, which explains each. */
export type Refusal =
  | 'notLeader'
  | 'full'
  | 'handingOver'
  | 'changing'
  | 'unknownMember'
  | 'alreadyMember'
  | 'notVoter'
  | 'notLearner'
  | 'lagging'
  | 'wouldLoseQuorum'
  | 'lastVoter'
  | 'removedSeat'
  | 'mayNotLead'
  | 'alreadyLeader';
