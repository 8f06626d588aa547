/** What tests of whole ensembles ask about one. */
import type { EnsembleView, MemberReport } from '../../api/ensemble.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import { eventually } from '../../supervisor/testing/test-ensemble.ts';

export function clientPortOf(view: EnsembleView, member: number): number {
  const port = view.members.find(({ id }) => id === member)?.clientPort;
  if (port === undefined) throw new Error(`no member ${member}`);
  return port;
}

/** The member behind a client port. */
export function memberAt(view: EnsembleView, clientPort: number): number {
  const member = view.members.find((one) => one.clientPort === clientPort);
  if (member === undefined) throw new Error(`no member at port ${clientPort}`);
  return member.id;
}

/** `127.0.0.1:port,…` of these members. */
export function connectTo(view: EnsembleView, members: readonly number[]): string {
  return members.map((id) => `127.0.0.1:${clientPortOf(view, id)}`).join(',');
}

export function leaderOf(view: EnsembleView): number {
  if (view.leader === null) throw new Error('there is no leader');
  return view.leader;
}

export function followersOf(view: EnsembleView): readonly number[] {
  return view.members.map(({ id }) => id).filter((id) => id !== leaderOf(view));
}

export function reportOf(view: EnsembleView, member: number): MemberReport {
  const report = view.members.find(({ id }) => id === member)?.report ?? null;
  if (report === null) throw new Error(`member ${member} has not reported`);
  return report;
}

/** Waits until all members work and have applied the same, and gives their digests. */
export async function settledDigests(supervisor: Supervisor): Promise<readonly string[]> {
  return eventually('all members have applied the same', () => {
    const view = supervisor.view();
    if (view.health.level !== 'healthy') return null;
    const reports = view.members.map(({ id }) => reportOf(view, id));
    const isSettled = reports.every(({ applied }) => applied === reports[0]?.applied);
    return isSettled && reports.map(({ digest }) => digest);
  });
}
