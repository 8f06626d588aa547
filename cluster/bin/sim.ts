/**
 * `npm run sim -- --seeds 50`: whole members under virtual time, one run per seed. A failing run prints
 * its seed; the same seed and ticks give the same run, line by line.
 */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type RunReport, runSeed } from '../sim/world.ts';

interface Arguments {
  readonly seeds: number;
  readonly seed?: string;
  readonly ticks: number;
  readonly trace?: string;
  readonly json?: true;
}

const command = new Command('sim')
  .description('Run whole members under virtual time, with faults, from seeds.')
  .option('--seeds <count>', 'how many seeds to run, numbered from 1', wholeNumber, 50)
  .option('--seed <seed>', 'run this one seed instead')
  .option(
    '--ticks <count>',
    'virtual ticks of 10 ms under faults, before everything heals',
    wholeNumber,
    3_000,
  )
  .option('--trace <file>', 'write every line of the run there; with --seed')
  .option('--json', 'one JSON object per run')
  .addHelpText(
    'after',
    '\nExample: npm run sim -- --seed 17 --trace /tmp/17.txt\nExit code 1 when a run failed.',
  )
  .parse();

process.exitCode = main(command.opts<Arguments>());

function main(given: Arguments): number {
  const seeds =
    given.seed === undefined ? Array.from({ length: given.seeds }, (_, at) => String(at + 1)) : [given.seed];
  const startedMs = performance.now();
  const reports: RunReport[] = [];
  const failed: string[] = [];
  for (const seed of seeds) {
    const report = runOne(seed, given);
    if (report === null) failed.push(seed);
    else reports.push(report);
  }
  if (given.json === undefined)
    console.log(summary(reports, failed, (performance.now() - startedMs) / 1_000));
  return failed.length === 0 ? 0 : 1;
}

function runOne(seed: string, given: Arguments): RunReport | null {
  const lines: string[] | null = given.trace === undefined ? null : [];
  if (given.json === undefined) console.log(`seed ${seed}`);
  try {
    const report = runSeed({
      seed,
      ticks: given.ticks,
      trace: lines === null ? null : (line) => lines.push(line),
    });
    console.log(given.json === undefined ? describe(report) : JSON.stringify(report));
    return report;
  } catch (failure) {
    console.error(
      `seed ${seed} FAILED: ${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}`,
    );
    console.error(`replay: npm run sim -- --seed ${seed} --ticks ${given.ticks} --trace sim-${seed}.log`);
    return null;
  } finally {
    if (given.trace !== undefined && lines !== null) writeFileSync(given.trace, `${lines.join('\n')}\n`);
  }
}

function describe(report: RunReport): string {
  const { options, faults, frames, writes } = report;
  const faultText = Object.entries(faults)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
  return [
    `  ${options.members} members, ${options.clients} clients; ${faultText}; frames lost ${frames.lost}, doubled ${frames.doubled}, cut ${frames.cut}`,
    `  ${report.elections} elections, ${report.entries} entries, ${writes.acknowledged} of ${writes.tried} writes acknowledged; trace ${report.traceHash} (${report.traceLines} lines)`,
  ].join('\n');
}

function summary(reports: readonly RunReport[], failed: readonly string[], seconds: number): string {
  const virtualHours = reports.reduce((total, report) => total + report.virtualMs, 0) / 3_600_000;
  const faults: Record<string, number> = {};
  for (const report of reports) {
    for (const [kind, count] of Object.entries(report.faults)) faults[kind] = (faults[kind] ?? 0) + count;
  }
  const faultText = Object.entries(faults)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
  const speed = Math.round((virtualHours * 3_600) / seconds);
  return [
    `${reports.length} seeds passed, ${failed.length} failed${failed.length === 0 ? '' : `: ${failed.join(', ')}`}`,
    `${virtualHours.toFixed(2)} simulated hours in ${seconds.toFixed(1)} s (${speed} × real time); faults: ${faultText}`,
  ].join('\n');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('must be a whole number, 1 or more.');
  return value;
}
