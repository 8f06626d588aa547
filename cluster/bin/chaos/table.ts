/** A run's report for people. */
import type { ChaosReport } from './run.ts';

export function reportTable(report: ChaosReport): string {
  const { faults, damage, availability, writes, findings } = report;
  const rows = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([name, value]) => `  ${name.padEnd(34)} ${value}`);
  const struck = Object.entries(faults).filter(([, count]) => count > 0);
  const served = (100 * availability.servedSeconds) / Math.max(1, availability.seconds);
  return [
    `seed ${report.seed}: ${report.members} members for ${report.seconds.toFixed(0)} s`,
    'faults',
    ...rows(struck.map(([kind, count]) => [kind, String(count)])),
    'damaged files',
    ...rows([
      ['changed nothing that mattered', String(damage.unharmed)],
      ['repaired from the others', String(damage.repaired)],
      ['refused by name, and replaced', String(damage.refusedAndReplaced)],
    ]),
    'told by the members',
    ...rows(Object.entries(report.events).map(([kind, count]) => [kind, String(count)])),
    'service',
    ...rows([
      ['operations', String(report.operations)],
      [
        'unique writes',
        `${writes.acknowledged} acknowledged, ${writes.unknown} unknown, ${writes.refused} refused`,
      ],
      [
        'longest time without a write',
        `${availability.longestGapMs.toFixed(0)} ms, at ${(availability.longestGapAtMs / 1_000).toFixed(1)} s`,
      ],
      ['longest with a majority in peace', `${availability.longestGapWithMajorityMs.toFixed(0)} ms`],
      [
        'seconds with a write',
        `${availability.servedSeconds} of ${availability.seconds} (${served.toFixed(1)} %)`,
      ],
    ]),
    'promises',
    ...rows(findings.map(({ promise, wrong }) => [promise, wrong === null ? 'kept' : `BROKEN: ${wrong}`])),
  ].join('\n');
}
