/** What `up` prints when the ensemble serves. */
import type { EnsembleView, MemberView } from '../../api/ensemble.ts';
import { table } from './table.ts';

/** For scripts: one line. */
export function readyLine(view: EnsembleView, address: string): string {
  const members = view.members.map((member) => ({
    id: member.id,
    pid: pidOf(member),
    clientPort: member.clientPort,
    role: member.report?.role ?? null,
  }));
  return JSON.stringify({ ready: true, connect: view.connect, console: address, members });
}

/** For people. */
export function readyBlock(
  view: EnsembleView,
  { address, dataFolder }: { readonly address: string; readonly dataFolder: string },
): string {
  const rows = view.members.map((member) => [
    String(member.id),
    String(pidOf(member) ?? '-'),
    String(member.clientPort),
    String(member.peerPort),
    member.report?.role ?? '-',
  ]);
  return [
    view.leader === null
      ? `Muster is ready, and no member leads: elections are manual. Elect one: muster campaign ${view.members[0]?.id ?? 1}`
      : `Muster is ready: ${view.health.working} of ${view.health.total} voters work, member ${view.leader} leads.`,
    '',
    table([['member', 'pid', 'client port', 'peer port', 'role'], ...rows]),
    '',
    `connect  ${view.connect}`,
    `console  ${address}`,
    `data     ${dataFolder}`,
    '',
    'Ctrl-C stops everything. In another terminal: muster status, muster kill 1, muster --help.',
  ].join('\n');
}

function pidOf(member: MemberView): number | null {
  return 'pid' in member.process ? member.process.pid : null;
}
