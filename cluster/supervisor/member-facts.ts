/** What a member's process is told, and what the console is told about it, from the ensemble's record. */
import type { MemberView } from '../api/ensemble.ts';
import { assert } from '../base/assert.ts';
import { type MemberFolders, memberFolders } from './data-folder.ts';
import type { EnsembleRecord, MemberRecord } from './ensemble-file.ts';
import { livesSeen } from './life-record.ts';
import type { Member } from './member.ts';
import type { BlockedLinks, MemberConfiguration } from './member-messages.ts';
import type { Peer, SeatRecord } from './member-operations.ts';

interface Context {
  readonly dataFolder: string;
  readonly record: EnsembleRecord;
  /** The links that an injected partition cuts at this member. */
  readonly blocked: BlockedLinks;
}

export function configurationOf(id: number, { dataFolder, record, blocked }: Context): MemberConfiguration {
  const { clusterId, secret, timing, settings } = record;
  const own = memberOf(record, id);
  const folders = memberFolders(dataFolder, id);
  return {
    clusterId,
    secret,
    member: id,
    clientPort: own.clientPort,
    peers: peersOf(record),
    removed: removedSeatsOf(record),
    timing,
    settings,
    dataFolder: folders.data,
    logFile: folders.logFile,
    directory: directoryOf(record, own, folders),
    blocked,
  };
}

export function viewOf(member: Member, { record, blocked }: Context): MemberView {
  const { clientPort, peerPort, standing } = memberOf(record, member.id);
  return {
    id: member.id,
    clientPort,
    peerPort,
    dataFolder: member.folders.data,
    logFile: member.folders.logFile,
    standing,
    process: member.state,
    blocked,
    report: member.report?.report ?? null,
    reportedAtMs: member.report?.atMs ?? null,
  };
}

/** Where everyone is reached that may take part. */
export function peersOf(record: EnsembleRecord): Peer[] {
  return record.members
    .filter(({ standing }) => standing !== 'lost')
    .map(({ id, peerPort }) => ({ member: id, peerPort }));
}

export function removedSeatsOf({ removed }: EnsembleRecord): SeatRecord[] {
  return removed.map(({ member, incarnation }) => ({ member, incarnation }));
}

/** ZooKeeper connection string of all members that serve clients. */
export function connectString(record: EnsembleRecord): string {
  const serving = record.members.filter(
    ({ standing }) => record.state === 'creating' || standing === 'voter' || standing === 'learner',
  );
  return serving.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(',');
}

function directoryOf(
  { state, members }: EnsembleRecord,
  { standing, incarnation }: MemberRecord,
  { lifeFile }: MemberFolders,
): MemberConfiguration['directory'] {
  if (standing !== 'making')
    return { kind: 'open', incarnation, livesSeen: livesSeen(lifeFile, incarnation) };
  if (state === 'created') return { kind: 'join', incarnation };
  const founders = members.map((founder) => ({ member: founder.id, incarnation: founder.incarnation }));
  return { kind: 'found', incarnation, founders };
}

function memberOf({ members }: EnsembleRecord, id: number): MemberRecord {
  const own = members.find((member) => member.id === id);
  assert(own !== undefined, 'a member outside its ensemble', { id });
  return own;
}
