/** `npm run bench:snapshot`: what a large tree costs, beside the event-loop budget of the design. */
import { Command, InvalidArgumentError } from 'commander';
import type { Pauses } from './bench/pauses.ts';
import { benchStore, type StoreBenchResult } from './bench/store-bench.ts';
import { printLine } from './commands/outcome.ts';
import { table } from './commands/table.ts';

interface Arguments {
  readonly znodes: number;
  readonly children: number;
  readonly data: number;
  readonly json?: true;
}

/** DESIGN.md 8: a tree of a million znodes. */
const pauseBudgetMs = 20;

const command = new Command('bench-snapshot')
  .description('Measure a store with many znodes: memory, rates, an image under writes, loading it.')
  .option('--znodes <count>', 'znodes of the tree', parseCount, 1_000_000)
  .option('--children <count>', 'children of each parent', parseCount, 1_000)
  .option('--data <bytes>', 'data of each znode', parseCount, 100)
  .option('--json', 'print one JSON object instead of the table')
  .addHelpText(
    'after',
    '\nExample: npm run bench:snapshot -- --znodes 100000\nExit code 1 when a budget is missed.',
  )
  .parse();

await main(command.opts<Arguments>());

async function main(given: Arguments): Promise<void> {
  const result = await benchStore({
    znodes: given.znodes,
    dataBytes: given.data,
    childrenPerParent: given.children,
    progress,
  });
  progress('');
  const met = isMet(result.image) && isMet(result.load) && result.load.digestAsExpected;
  printLine(given.json === undefined ? render(result) : JSON.stringify({ met, pauseBudgetMs, ...result }));
  process.exitCode = met ? 0 : 1;
}

/** On a busy machine only the own part says something about this program. */
function isMet({ longestOwnMs }: Pauses): boolean {
  return longestOwnMs <= pauseBudgetMs;
}

function render(result: StoreBenchResult): string {
  const { fill, image, load } = result;
  return table([
    ['measure', 'value', 'longest pause', 'own part', 'p99 of it', 'budget'],
    ['fill by creates', seconds(fill), ...pauseCells(fill), '-'],
    ['memory per znode', `${Math.round(result.bytesPerZnode)} B`, '-', '-', '-', '-'],
    ['creates applied', `${Math.round(result.createsPerSecond)}/s`, '-', '-', '-', '-'],
    ['sets applied', `${Math.round(result.setsPerSecond)}/s`, '-', '-', '-', '-'],
    ['image under writes', seconds(image), ...pauseCells(image), verdict(image)],
    ['image size', `${(image.bytes / 1e6).toFixed(1)} MB`, '-', '-', '-', '-'],
    ['writes meanwhile', `${image.writesMeanwhile}`, '-', '-', '-', '-'],
    ['load from image', seconds(load), ...pauseCells(load), verdict(load)],
    ['digest after load', load.digestAsExpected ? 'as it was' : 'DIFFERENT', '-', '-', '-', '-'],
  ]);
}

function seconds({ totalMs }: Pauses): string {
  return `${(totalMs / 1_000).toFixed(2)} s`;
}

function pauseCells({ longestMs, longestOwnMs, p99OwnMs }: Pauses): readonly string[] {
  return [longestMs, longestOwnMs, p99OwnMs].map((ms) => `${ms.toFixed(1)} ms`);
}

function verdict(pauses: Pauses): string {
  return `≤ ${pauseBudgetMs} ms: ${isMet(pauses) ? 'met' : 'MISSED'}`;
}

/** One line that is written over, and only where somebody watches. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000_000) return count;
  throw new InvalidArgumentError('A number from 1 to 10000000.');
}
