/** `status`: the ensemble at a glance. */
import type { Command } from 'commander';
import type { EnsembleChange } from '../../api/changes.ts';
import type { EnsembleView, Health, HealthReason, MemberView } from '../../api/ensemble.ts';
import { unreachable } from '../../base/assert.ts';
import { ok } from '../../base/result.ts';
import type { Instance } from '../../console/instance-file.ts';
import { changeTitle, progressText, stepText, unfinishedText } from './change-words.ts';
import { formatOf, printResult } from './outcome.ts';
import { type ReachOptions, withInstance, withReachOptions } from './reach.ts';
import { table } from './table.ts';

export function addStatusCommand(program: Command): void {
  withReachOptions(program.command('status'))
    .description('show the members, their roles and the health of the ensemble')
    .addHelpText('after', '\nExample:\n  $ muster status --json | jq .ensemble.leader')
    .action(async (options: ReachOptions) => {
      await withInstance(options, async ({ instance, ask }) => {
        const ensemble = await ask('ensemble.read', {});
        if (!ensemble.ok) return ensemble;
        const { pid, dataFolder, startedAtMs } = instance;
        const console = consoleAddress(instance);
        printResult(formatOf(options), {
          human: describe(instance, { ensemble: ensemble.value, nowMs: Date.now() }),
          json: {
            instance: { pid, dataFolder, connect: ensemble.value.connect, console, startedAtMs },
            ensemble: ensemble.value,
          },
        });
        return ok(null);
      });
    });
}

/** The address to open: the token is in its fragment. */
export function consoleAddress({ url, token }: Pick<Instance, 'url' | 'token'>): string {
  return `${url}#token=${token}`;
}

function describe(
  instance: Instance,
  { ensemble, nowMs }: { readonly ensemble: EnsembleView; readonly nowMs: number },
): string {
  return [
    healthSentence(ensemble.health),
    ...ensemble.health.reasons.map((reason) => `  ${reasonSentence(reason)}`),
    '',
    table([
      ['member', 'standing', 'process', 'pid', 'port', 'role', 'term', 'commit', 'applied', 'probed'],
      ...ensemble.members.map((member) => memberRow(member, nowMs)),
    ]),
    '',
    ...changeLines(ensemble.change),
    `connect  ${ensemble.connect}`,
    `console  ${consoleAddress(instance)}`,
    `data     ${instance.dataFolder}`,
  ].join('\n');
}

function healthSentence({ level, working, total, tolerance }: Health): string {
  const count = `${working} of ${total} voters work`;
  switch (level) {
    case 'healthy':
    case 'degraded': {
      const spare = tolerance === 0 ? 'no more may be lost' : `${tolerance} more may be lost`;
      return `${level === 'healthy' ? 'Healthy' : 'Degraded'}: ${count}, ${spare}.`;
    }
    case 'noQuorum':
      return `No quorum: ${count}, writes are refused.`;
    case 'stopped':
      return 'Stopped: no member is running.';
    default:
      return unreachable(level);
  }
}

function reasonSentence(reason: HealthReason): string {
  switch (reason.kind) {
    case 'noQuorum':
      return `voters that work together: ${reason.working}; needed: ${reason.needed}`;
    case 'noLeader':
      return 'no member leads';
    case 'memberDown':
      return `member ${reason.member} is ${reason.state}`;
    case 'memberPaused':
      return `member ${reason.member} is paused`;
    case 'memberSilent':
      return `member ${reason.member} has not reported for ${reason.silentMs} ms`;
    case 'memberLagging':
      return `member ${reason.member} is ${reason.behind} entries behind`;
    case 'linkCut':
      return `the link from ${reason.from} to ${reason.to} is cut`;
    case 'diverged':
      return `member ${reason.member} differs from the others at entry ${reason.index}`;
    case 'memberLost':
      return `member ${reason.member} was given up by a forced recovery: \`muster member replace ${reason.member}\``;
    case 'memberRepairing':
      return `member ${reason.member} gets back from the others what its disk lost`;
    case 'memberFenced':
      return `member ${reason.member} keeps out: ${reason.reason}`;
    case 'diskTrouble':
      return reason.disk === 'full'
        ? `the disk of member ${reason.member} is full`
        : `the disk of member ${reason.member} does not take writes`;
    case 'changeUnfinished':
      return `${reason.change} member ${reason.member} is not finished: \`muster member continue\` or \`muster member abandon\``;
    default:
      return unreachable(reason);
  }
}

/** The change of members that is under way or waits for the operator. */
function changeLines(change: EnsembleChange | null): readonly string[] {
  if (change?.state === 'running') {
    const progress = change.progress === null ? '' : ` (${progressText(change.progress)})`;
    return [`${changeTitle(change)}: ${stepText(change.step)}${progress}`, ''];
  }
  if (change?.state === 'failed' || change?.state === 'interrupted') return [unfinishedText(change), ''];
  return [];
}

/** A fact that was not probed is a dash, and the age of the others is said. */
function memberRow(member: MemberView, nowMs: number): string[] {
  const { report, process: state } = member;
  const isUp = state.kind === 'up' || state.kind === 'paused';
  const known = isUp ? report : null;
  return [
    String(member.id),
    member.standing,
    state.kind,
    'pid' in state ? String(state.pid) : '-',
    String(member.clientPort),
    known?.role ?? '-',
    String(known?.term ?? '-'),
    String(known?.commit ?? '-'),
    String(known?.applied ?? '-'),
    known === null || member.reportedAtMs === null
      ? '-'
      : `${Math.max(0, nowMs - member.reportedAtMs)} ms ago`,
  ];
}
