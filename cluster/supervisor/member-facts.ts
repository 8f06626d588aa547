/** What a member's process is told, and what the console is told about it, from the ensemble's record. */
import type { MemberView } from '../api/ensemble.ts';
import { assert } from '../base/assert.ts';
import { memberFolders } from './data-folder.ts';
import type { EnsembleRecord } from './ensemble-file.ts';
import type { Member } from './member.ts';
import type { BlockedLinks, MemberConfiguration } from './member-messages.ts';

interface Context {
  readonly dataFolder: string;
  readonly record: EnsembleRecord;
  /** The links that an injected partition cuts at this member. */
  readonly blocked: BlockedLinks;
}

export function configurationOf(id: number, { dataFolder, record, blocked }: Context): MemberConfiguration {
  const { clusterId, secret, timing, members } = record;
  const own = members.find((member) => member.id === id);
  assert(own !== undefined, 'a member outside its ensemble', { id });
  const folders = memberFolders(dataFolder, id);
  const { clientPort, incarnation } = own;
  return {
    clusterId,
    secret,
    member: id,
    clientPort,
    peers: members.map((peer) => ({ member: peer.id, peerPort: peer.peerPort })),
    timing,
    dataFolder: folders.data,
    logFile: folders.logFile,
    directory: incarnation === null ? { kind: 'create' } : { kind: 'open', incarnation },
    blocked,
  };
}

export function viewOf(member: Member, { dataFolder, record, blocked }: Context): MemberView {
  const { clientPort, peers } = configurationOf(member.id, { dataFolder, record, blocked });
  return {
    id: member.id,
    clientPort,
    peerPort: peers.find((peer) => peer.member === member.id)?.peerPort ?? 0,
    dataFolder: member.folders.data,
    logFile: member.folders.logFile,
    process: member.state,
    blocked,
    report: member.report?.report ?? null,
    reportedAtMs: member.report?.atMs ?? null,
  };
}

/** ZooKeeper connection string of all members. */
export function connectString(record: EnsembleRecord): string {
  return record.members.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(',');
}
