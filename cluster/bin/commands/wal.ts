/** `wal inspect|verify|export`: the files of a member, read without changing them. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { logIndex, nextIndex } from '../../base/ids.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { createDisk } from '../../node/disk.ts';
import { viewOfEntry } from '../../replica/log-reader.ts';
import { memberFolders } from '../../supervisor/data-folder.ts';
import { unknownMember } from '../../supervisor/failures.ts';
import type { WalError } from '../../wal/error.ts';
import { type Inspection, inspectWal } from '../../wal/offline/inspect.ts';
import { type Verification, verifyWal } from '../../wal/offline/verify.ts';
import { parseMember } from './members.ts';
import { type FolderOptions, readOffline, withFolderOptions } from './offline-folder.ts';
import {
  type CliFailure,
  endWith,
  exitCodes,
  failureLines,
  formatOf,
  printLine,
  printResult,
} from './outcome.ts';
import { inspectionJson } from './recover-json.ts';
import { table } from './table.ts';

interface WalOptions extends FolderOptions {
  readonly dir?: string;
}

interface ExportOptions extends WalOptions {
  readonly from: number;
  readonly count?: number;
}

/** A data directory to look at. */
interface Target {
  readonly member: number | null;
  readonly folder: string;
  /** Its instance is running: what is being written now may look unfinished. */
  readonly live: boolean;
}

const sliceEntries = 1_000;

/** Adds `wal` with its commands. */
export function addWalCommands(program: Command): void {
  const wal = program
    .command('wal')
    .description("look into members' data directories, without changing them");
  walCommand(wal, 'inspect')
    .description('what a directory holds: log, snapshots, term, membership, damage')
    .argument('[member]', 'one member; without it, all of them', parseMember)
    .addHelpText('after', '\nExample:\n  $ muster wal inspect 2')
    .action((member: number | undefined, options: WalOptions) => inspect(member ?? null, options));
  walCommand(wal, 'verify')
    .description('read every byte, and say what is wrong and what the next start does about it')
    .argument('[member]', 'one member; without it, all of them', parseMember)
    .addHelpText('after', '\nThe exit code is 1 when anything is damaged.\n\nExample:\n  $ muster wal verify')
    .action((member: number | undefined, options: WalOptions) => verify(member ?? null, options));
  walCommand(wal, 'export')
    .description('print the entries of a log, decoded, one JSON object per line')
    .argument('[member]', 'number of the member', parseMember)
    .option('--from <index>', 'first entry', parseNumber, 1)
    .option('--count <count>', 'entries (default: all)', parseNumber)
    .addHelpText('after', '\nExample:\n  $ muster wal export 2 --from 100 --count 10')
    .action((member: number | undefined, options: ExportOptions) => exportEntries(member ?? null, options));
}

function walCommand(parent: Command, name: string): Command {
  return withFolderOptions(parent.command(name)).option(
    '--dir <folder>',
    'one data directory, wherever it is',
  );
}

function inspect(member: number | null, options: WalOptions): void {
  withTargets(member, options, (targets) => {
    const found = targets.map((target) => ({ target, inspected: inspectWal(createDisk(target.folder)) }));
    printResult(formatOf(options), {
      human: found.map(({ target, inspected }) => inspectText(target, inspected).join('\n')).join('\n\n'),
      json: {
        directories: found.map(({ target, inspected }) => ({
          ...target,
          ...(inspected.ok ? { holds: inspectionJson(inspected.value) } : { error: inspected.error }),
        })),
      },
    });
    if (found.some(({ inspected }) => !inspected.ok)) process.exitCode = exitCodes.refused;
  });
}

function inspectText(target: Target, inspected: Result<Inspection, WalError>): readonly string[] {
  if (!inspected.ok) return [title(target), ...failureLines(inspected.error).map((line) => `  ${line}`)];
  const { identity, base, last, lives, membership, snapshots, fenced, votingBound, findings } =
    inspected.value;
  const { term, votedFor } = inspectionJson(inspected.value);
  const ids = (seats: (typeof membership.membership)['voters']) =>
    seats.map(({ id }) => id).join(',') || 'none';
  const { voters, outgoing, learners, removed } = membership.membership;
  const rows = [
    [
      '  identity',
      `member ${identity.member} of cluster ${identity.cluster.toString(16)}, incarnation ${identity.incarnation.toString(16)}, started ${lives} times`,
    ],
    ['  term', `${term}, voted for ${votedFor ?? 'nobody'}`],
    [
      '  log',
      last.index === base.index
        ? `no entries behind ${base.index}`
        : `entries ${base.index + 1} to ${last.index}, the last of term ${last.term}`,
    ],
    [
      '  members',
      `voters ${ids(voters)}${outgoing.length > 0 ? ` (from ${ids(outgoing)})` : ''}, learners ${ids(learners)}, given up ${removed.length}; since entry ${membership.index}`,
    ],
    ...snapshots
      .list()
      .map(({ index, term: at, sizeBytes, digest }) => [
        '  snapshot',
        `entry ${index} of term ${at}, ${sizeBytes} bytes, digest ${digest}`,
      ]),
    ...(votingBound === null
      ? []
      : [['  repairing', 'peers must bring back what was lost, before it votes freely']]),
    ...(fenced === null ? [] : [['  fenced', fenced]]),
    ...findings.map(({ file, offset, what, cure }) => [
      '  damage',
      `${what} (${place(file, offset)}); cure: ${cure}`,
    ]),
  ];
  return [title(target), table(rows)];
}

function verify(member: number | null, options: WalOptions): void {
  withTargets(member, options, (targets) => {
    const found = targets.map((target) => ({ target, verified: verifyWal(createDisk(target.folder)) }));
    printResult(formatOf(options), {
      human: found.map(({ target, verified }) => verifyText(target, verified).join('\n')).join('\n\n'),
      json: { directories: found.map(({ target, verified }) => ({ ...target, ...verified })) },
    });
    if (found.some(({ verified }) => !verified.isWhole)) process.exitCode = exitCodes.refused;
  });
}

const outcomes: Readonly<Record<Verification['findings'][number]['outcome'], string>> = {
  secondCopy: 'the next start heals it from its second copy',
  olderSnapshot: 'an older snapshot and the log take its place',
  snapshotCovers: 'a snapshot stands for it: nothing is lost',
  peers: 'the others bring it back, and until then this member does not campaign',
  refuse: 'the member does not start',
  none: 'nothing is lost',
};

function verifyText(target: Target, { isWhole, findings, refusal }: Verification): readonly string[] {
  return [
    `${title(target)}: ${isWhole ? 'whole' : 'damaged'}`,
    ...findings.map(
      ({ file, offset, what, outcome }) => `  ${place(file, offset)}: ${what}; ${outcomes[outcome]}`,
    ),
    ...(refusal === null ? [] : [`  ${refusal.meaning}`, `  ${refusal.todo}`]),
  ];
}

function exportEntries(member: number | null, options: ExportOptions): void {
  withTargets(member, options, (targets) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) {
      endWith(whichOne(), formatOf(options));
      return;
    }
    const inspected = inspectWal(createDisk(target.folder));
    if (!inspected.ok) {
      endWith(failureOf(inspected.error), formatOf(options));
      return;
    }
    const entries = entriesOf(inspected.value, options);
    if (options.json === true) printResult('json', { human: '', json: { ...target, entries: [...entries] } });
    else for (const entry of entries) printLine(JSON.stringify(entry));
  });
}

function* entriesOf(inspection: Inspection, { from, count }: ExportOptions): Generator<unknown> {
  let next = logIndex(Math.max(from, inspection.base.index + 1));
  const end = count === undefined ? inspection.last.index : Math.min(inspection.last.index, next + count - 1);
  while (next <= end) {
    const slice = inspection.entries(next, Math.min(sliceEntries, end - next + 1));
    if (slice.length === 0) return;
    for (const entry of slice) {
      yield { ...viewOfEntry(entry, null), payload: Buffer.from(entry.payload).toString('base64') };
      next = nextIndex(entry.index);
    }
  }
}

/** Runs `act` on the directories that the command line names. */
function withTargets(
  member: number | null,
  options: WalOptions,
  act: (targets: readonly Target[]) => void,
): void {
  const folder = options.dir === undefined ? readOffline(options) : null;
  if (folder?.ok === false) {
    endWith(folder.error, formatOf(options));
    return;
  }
  try {
    const targets = options.dir === undefined ? targetsIn(member, folder) : directory(options.dir, member);
    if (targets.ok) act(targets.value);
    else endWith(targets.error, formatOf(options));
  } finally {
    folder?.value.release();
  }
}

function targetsIn(
  member: number | null,
  folder: Extract<ReturnType<typeof readOffline>, { ok: true }> | null,
): Result<readonly Target[], CliFailure> {
  if (folder === null) return ok([]);
  const { path, record, live } = folder.value;
  const named = record.members.filter(({ id }) => member === null || id === member);
  if (named.length === 0) return fail({ exit: exitCodes.refused, ...unknownMember(member ?? 0) });
  return ok(named.map(({ id }) => ({ member: id, folder: memberFolders(path, id).data, live })));
}

function directory(dir: string, member: number | null): Result<readonly Target[], CliFailure> {
  const folder = resolve(dir);
  if (existsSync(folder)) return ok([{ member, folder, live: false }]);
  return fail({
    exit: exitCodes.refused,
    code: 'noDirectory',
    what: `${folder} is not there.`,
    meaning: 'Nothing was read.',
    todo: 'Name a data directory, such as FOLDER/members/1/data.',
    facts: { folder },
  });
}

function title({ member, folder, live }: Target): string {
  const who = member === null ? folder : `member ${member}, ${folder}`;
  return live ? `${who} (its instance is running: the end may look unfinished)` : who;
}

function place(file: string, offset: number | null): string {
  return offset === null ? file : `${file} at byte ${offset}`;
}

function failureOf({ code, what, meaning, todo, file, offset }: WalError): CliFailure {
  return {
    exit: exitCodes.refused,
    code,
    what: `${what} (${place(file, offset)}).`,
    meaning,
    todo,
    facts: { file, offset },
  };
}

function whichOne(): CliFailure {
  return {
    exit: exitCodes.usage,
    code: 'usage',
    what: 'Several members are there, and one log can be exported at a time.',
    meaning: 'Entries of several logs in one stream could not be told apart; nothing was printed.',
    todo: 'Name one: `muster wal export 1`.',
    facts: {},
  };
}

function parseNumber(text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1.');
}
