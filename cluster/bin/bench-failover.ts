/**
 * `npm run bench:failover`: how long starts and failovers take, beside the budgets of the design and,
 * where Debian's ZooKeeper is installed, beside it in the same minutes.
 */
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { findApache } from '../client/testing/apache.ts';
import { Bench } from './bench/bench.ts';
import { type MeasureName, measureNames } from './bench/budgets.ts';
import type { Engine } from './bench/engine.ts';
import { musterEngine } from './bench/muster-engine.ts';
import { judge, renderTable, seenByClients } from './bench/report.ts';
import { zookeeperEngine } from './bench/zookeeper-engine.ts';
import { printLine } from './commands/outcome.ts';
import { stopSignals } from './commands/stop-signals.ts';

interface Arguments {
  readonly runs: number;
  readonly only: readonly MeasureName[];
  readonly apache: boolean;
  readonly json?: true;
}

const interruptedCode = 130;

const command = new Command('bench-failover')
  .description('Measure starts, failovers, latency and memory of three members, beside the budgets.')
  .option('--runs <count>', 'runs of each measure', parseRuns, 10)
  .option('--only <names>', `some of ${measureNames.join(',')}`, parseNames, measureNames)
  .option('--no-apache', 'leave Apache ZooKeeper out')
  .option('--json', 'print one JSON object instead of the table')
  .addHelpText(
    'after',
    '\nExample: npm run bench:failover -- --only kill,pause --no-apache\nExit code 1 when a budget is missed.',
  )
  .parse();

await main(command.opts<Arguments>());

async function main(given: Arguments): Promise<void> {
  const signals = stopSignals();
  const bench = new Bench({
    engines: enginesOf(given),
    runs: given.runs,
    measures: given.only,
    progress: (text) => progress(text),
  });
  const interrupted = signals.requested.then(() => null);
  const running = bench.run();
  try {
    const results = await Promise.race([running, interrupted]);
    progress('');
    if (results === null) {
      // Its ensembles go away under it: how it fails tells nothing.
      running.catch(() => undefined);
      process.exitCode = interruptedCode;
      return;
    }
    const verdicts = judge(results);
    const seen = seenByClients(results, 'muster');
    printLine(given.json === undefined ? renderTable(results) : JSON.stringify({ verdicts, results }));
    process.exitCode = verdicts.every(({ met }) => met) && seen === 0 ? 0 : 1;
  } finally {
    await bench.close();
    signals.release();
    // Clients of an interrupted run would try on for as long as their requests may take.
    if (process.exitCode === interruptedCode) process.exit();
  }
}

function enginesOf({ apache }: Arguments): readonly Engine[] {
  const muster = musterEngine({ memberModule: fileURLToPath(new URL('./member.js', import.meta.url)) });
  const found = findApache();
  if (apache && !found.ok) process.stderr.write(`Without Apache ZooKeeper: ${found.error}.\n`);
  return apache && found.ok ? [muster, zookeeperEngine] : [muster];
}

/** One line that is written over, and only where somebody watches. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= 1_000) return runs;
  throw new InvalidArgumentError('A number from 1 to 1000.');
}

function parseNames(text: string): readonly MeasureName[] {
  const names = text.split(',');
  const known = measureNames.filter((name) => names.includes(name));
  if (known.length === names.length) return known;
  throw new InvalidArgumentError(`Some of ${measureNames.join(',')}, separated by commas.`);
}
