/** The facts behind this member's four-letter words. */

import { clientConnectionsMax, sessionTimeoutMaxMs, sessionTimeoutMinMs } from '../base/limits.ts';
import { isVoter } from '../base/membership.ts';
import { musterVersion } from '../base/version.ts';
import type { ConsensusStatus } from '../ports/consensus.ts';
import { answerFourLetterWord, type FourLetterWord, type ServiceFacts } from '../zk/four-letter.ts';
import type { ReplicaConfig } from './config.ts';
import type { MemberFacts } from './facts.ts';

/** As clients parse it: the ZooKeeper version whose protocol is spoken, then ours. */
const version = `3.9.3-muster-${musterVersion}, built on Apache ZooKeeper protocol 3.9`;

export function fourLetterText(word: FourLetterWord, member: MemberFacts, config: ReplicaConfig): string {
  return answerFourLetterWord(word, {
    version,
    configuration: {
      serverId: config.member,
      clientPort: config.clientPort,
      dataFolder: config.dataFolder,
      tickMs: sessionTimeoutMinMs / 2,
      connectionsMax: clientConnectionsMax,
      sessionTimeoutMinMs,
      sessionTimeoutMaxMs,
    },
    service: member.serving ? serviceFacts(member, config) : null,
  });
}

function serviceFacts(member: MemberFacts, config: ReplicaConfig): ServiceFacts {
  const { store, clients, vitals, status } = member;
  const leads = status.role === 'leader';
  const { voters } = status.membership;
  const mode = voters.length === 1 ? 'standalone' : leads ? 'leader' : modeOf(member, config);
  return {
    mode,
    zxid: store.zxid,
    znodes: store.znodeCount,
    ephemerals: store.ephemeralCount,
    watches: clients.watches.count,
    dataBytes: store.dataBytes,
    sessions: store.sessionCount,
    outstanding: member.forwardsPending,
    received: vitals.received,
    sent: vitals.sent,
    latencyMs: vitals.latencyMs,
    clients: clients.facts(),
    quorumSize: voters.length,
    uptimeMs: member.uptimeMs,
    openFiles: null,
    followers: leads ? { count: status.followers.length, synced: countSynced(status) } : null,
  };
}

/** ZooKeeper calls a member without a vote an observer. */
function modeOf({ status }: MemberFacts, { member }: ReplicaConfig): 'observer' | 'follower' {
  return isVoter(status.membership, member) ? 'follower' : 'observer';
}

/** Followers that hold everything the leader has committed. */
function countSynced({ followers, commit }: ConsensusStatus): number {
  return followers.filter(({ match }) => match >= commit).length;
}
