/** Decides what to start: a new ensemble, or the one a data folder holds, on ports that are free now. */
import { randomBytes } from 'node:crypto';
import { defaultSettings, type SettingsWish } from '../api/settings.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type DataFolder, saveRecord } from './data-folder.ts';
import type { EnsembleRecord } from './ensemble-file.ts';
import type { StartError } from './failures.ts';
import { defaultTiming, type MemberTiming } from './member-messages.ts';
import { defaultClientPort, planPorts } from './ports.ts';

const defaultMembers = 3;

/** What the operator asks for; null: as the folder says, or the default. */
export interface EnsembleWish {
  readonly name: string | null;
  readonly members: number | null;
  /** Client port of member 1; the others follow. 0: any free ports. */
  readonly clientPortBase: number | null;
  readonly timing: MemberTiming | null;
  /** What is left out stays as it is. */
  readonly settings: SettingsWish;
}

/** Plans, and makes the plan durable before any process runs by it. */
export async function planAndSave(
  folder: DataFolder,
  wish: EnsembleWish,
): Promise<Result<EnsembleRecord, StartError>> {
  const planned = await planEnsemble(folder.record, wish);
  if (!planned.ok) return planned;
  const saved = saveRecord(folder.path, planned.value);
  return saved.ok ? planned : saved;
}

/** The record to start from. The stored one's members, identities and, where free, ports are kept. */
async function planEnsemble(
  stored: EnsembleRecord | null,
  wish: EnsembleWish,
): Promise<Result<EnsembleRecord, StartError>> {
  const before = stored ?? newRecord(wish);
  if (stored !== null && wish.members !== null && wish.members !== stored.members.length) {
    return fail(membersDiffer(stored.members.length, wish.members));
  }
  const base = wish.clientPortBase ?? before.clientPortBase;
  const keepsPorts = stored !== null && base === before.clientPortBase;
  const clientPorts = await planPorts(
    before.members.map(({ id, clientPort }) => (keepsPorts ? clientPort : base === 0 ? 0 : base + id - 1)),
  );
  if (clientPorts === null) return fail(noPorts(base));
  const peerPorts = await planPorts(
    before.members.map(({ peerPort }) => (stored === null ? 0 : peerPort)),
    new Set(clientPorts),
  );
  if (peerPorts === null) return fail(noPorts(base));
  const members = before.members.map((member, at) => ({
    ...member,
    clientPort: clientPorts[at] ?? member.clientPort,
    peerPort: peerPorts[at] ?? member.peerPort,
  }));
  const timing = wish.timing ?? before.timing;
  const snapshots = { ...before.settings.snapshots, ...wish.settings.snapshots };
  const settings = { ...before.settings, ...wish.settings, snapshots };
  return ok({ ...before, clientPortBase: base, timing, settings, members });
}

/** A new ensemble's identity; its ports are placeholders until they are planned. */
function newRecord(wish: EnsembleWish): EnsembleRecord {
  const count = wish.members ?? defaultMembers;
  return {
    format: 2,
    state: 'creating',
    name: wish.name ?? 'muster',
    clusterId: randomBytes(6).readUIntBE(0, 6),
    secret: randomBytes(32).toString('hex'),
    timing: defaultTiming,
    settings: defaultSettings,
    clientPortBase: defaultClientPort,
    members: Array.from({ length: count }, (_, at) => ({
      id: at + 1,
      clientPort: 1,
      peerPort: 1,
      incarnation: drawIncarnation(),
      standing: 'making',
    })),
    removed: [],
    change: null,
  };
}

/** 48 random bits: who a data directory is. Drawn here, before any process makes it. */
export function drawIncarnation(): number {
  return randomBytes(6).readUIntBE(0, 6);
}

function membersDiffer(stored: number, wished: number): StartError {
  return {
    code: 'membersDiffer',
    what: `The data folder holds an ensemble of ${stored}, not of ${wished}.`,
    meaning: 'Members are not added or removed by starting differently; nothing was started.',
    todo: 'Leave out --members, then use `muster member add` or `muster member remove`; or begin a new ensemble in another folder with --data.',
    facts: { stored, wished },
  };
}

function noPorts(base: number): StartError {
  return {
    code: 'noPorts',
    what: `No free ports were found from ${base} up.`,
    meaning: 'Every member needs a client port and a peer port on 127.0.0.1; nothing was started.',
    todo: 'Choose a lower --client-port, or end programs that hold ports.',
    facts: { base },
  };
}
