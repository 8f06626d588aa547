/** Looks into every data directory of an ensemble that does not run. Changes nothing. */
import type { Result } from '../../base/result.ts';
import { createDisk } from '../../node/disk.ts';
import { dataDirectoryState, memberFolders } from '../../supervisor/data-folder.ts';
import type { EnsembleRecord, MemberRecord } from '../../supervisor/ensemble-file.ts';
import { livesSeen } from '../../supervisor/life-record.ts';
import { runningProcess } from '../../supervisor/process-record.ts';
import type { WalError } from '../../wal/error.ts';
import { type Comparison, compareDirectories } from '../../wal/offline/compare.ts';
import { type Inspection, inspectWal } from '../../wal/offline/inspect.ts';
import { rebuildStore, type StoreState } from './store-state.ts';

export type Finding =
  | { readonly kind: 'absent' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly error: WalError }
  /** Another directory than the one that belongs here. */
  | { readonly kind: 'foreign'; readonly inspection: Inspection }
  | {
      readonly kind: 'readable';
      readonly inspection: Inspection;
      /** At its last entry. */
      readonly state: Result<StoreState, string>;
    };

export interface Surveyed {
  readonly member: number;
  readonly folder: string;
  /** What the ensemble's record has for it. */
  readonly record: MemberRecord;
  /** How often its directory was started when it was last at work; 0 when nobody knows. */
  readonly livesSeen: number;
  readonly finding: Finding;
}

export interface Survey {
  readonly record: EnsembleRecord;
  readonly members: readonly Surveyed[];
  /** Members whose processes still run. */
  readonly running: readonly number[];
  /** Of the directories that belong to the ensemble, by `directoryName`. */
  readonly comparison: Comparison;
}

/** What a member's directory is called in a comparison. */
export function directoryName(member: number): string {
  return `member ${member}`;
}

/** `path`: the data folder, which must be locked meanwhile. */
export function surveyFolder(path: string, record: EnsembleRecord): Survey {
  const members = record.members.map((member) => {
    const { data, lifeFile } = memberFolders(path, member.id);
    return {
      member: member.id,
      folder: data,
      record: member,
      livesSeen: livesSeen(lifeFile, member.incarnation),
      finding: look(path, { member, record }),
    };
  });
  const running = record.members
    .map(({ id }) => id)
    .filter((id) => runningProcess(memberFolders(path, id).processFile) !== null);
  const belonging = members.filter(
    ({ finding, record: { standing } }) =>
      standing !== 'lost' && (finding.kind === 'readable' || finding.kind === 'unreadable'),
  );
  const comparison = compareDirectories(
    belonging.map(({ member, folder }) => ({ name: directoryName(member), disk: createDisk(folder) })),
  );
  return { record, members, running, comparison };
}

function look(
  path: string,
  { member, record }: { readonly member: MemberRecord; readonly record: EnsembleRecord },
): Finding {
  const state = dataDirectoryState(path, member.id);
  if (state !== 'present') return { kind: state };
  const inspected = inspectWal(createDisk(memberFolders(path, member.id).data));
  if (!inspected.ok) return { kind: 'unreadable', error: inspected.error };
  const { identity } = inspected.value;
  const isOurs =
    identity.cluster === record.clusterId &&
    identity.member === member.id &&
    identity.incarnation === member.incarnation;
  if (!isOurs) return { kind: 'foreign', inspection: inspected.value };
  return { kind: 'readable', inspection: inspected.value, state: rebuildStore(inspected.value) };
}
