/**
 * `npm run sim -- --seeds 50`: whole members under virtual time, one run per seed, as many at once as
 * there are cores. A run that fails is made smaller, traced and printed with the command that repeats it.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort } from 'node:worker_threads';
import { Command, InvalidArgumentError } from 'commander';
import type { FaultKind } from '../sim/fault-kinds.ts';
import type { RunFailure, RunOutcome } from '../sim/outcome.ts';
import { type RunRequest, wholeRun } from '../sim/request.ts';
import { parseFaultKinds, shrink } from '../sim/shrink.ts';
import { tryRun } from '../sim/world.ts';

import { hang, runAll, type WorkerTask } from './sim/pool.ts';
import { describeFailure, describeReport, Summary } from './sim/summary.ts';

interface Arguments {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: string;
  readonly ticks: number;
  readonly without: readonly FaultKind[];
  readonly clients?: number;
  readonly trace?: string | true;
  readonly json?: true;
  readonly jobs: number;
  readonly shrink: number;
  readonly record?: string;
}

if (isMainThread) process.exitCode = await main(parse());
else serve();

function parse(): Arguments {
  return new Command('sim')
    .description('Run whole members under virtual time, with faults, from seeds.')
    .option('--seeds <count>', 'how many seeds to run, numbered from 1', wholeNumber, 50)
    .option('--from <first>', 'number of the first seed', wholeNumber, 1)
    .option('--seed <seed>', 'run this one seed instead')
    .option('--ticks <count>', 'virtual ticks of 10 ms under faults, before all heals', wholeNumber, 3_000)
    .option('--without <kinds>', 'leave out these kinds of faults, such as crash,pause', faultList, [])
    .option('--clients <count>', 'at most so many clients', wholeNumber)
    .option('--trace [file]', 'write every line of the run there, or to the terminal; with --seed')
    .option('--json', 'one JSON object per run')
    .option('--jobs <count>', 'runs at once', wholeNumber, availableParallelism())
    .option('--shrink <seconds>', 'time to make a failing run smaller; 0: none', seconds, 20)
    .option('--record <file>', 'append the seeds that fail there, as .ci/seeds.txt has them')
    .addHelpText(
      'after',
      '\nExample: npm run sim -- --seed 17 --trace /tmp/17.txt\nExit code 1 when a run failed.',
    )
    .parse()
    .opts<Arguments>();
}

async function main(given: Arguments): Promise<number> {
  const startedMs = performance.now();
  const summary = new Summary();
  const finished = (outcome: RunOutcome) => tell(outcome, given, summary);
  const requests = requestsOf(given);
  if (given.seed !== undefined || given.jobs === 1) {
    for (const request of requests) await finished(await traced(request, given));
  } else await runAll(requests, { program: new URL(import.meta.url), jobs: given.jobs, finished });
  if (given.json === undefined) console.log(summary.text((performance.now() - startedMs) / 1_000));
  return summary.good ? 0 : 1;
}

/** A worker thread: runs what it is given until it is told to end. */
function serve(): void {
  parentPort?.on('message', (task: WorkerTask) => {
    if (task.kind === 'end') parentPort?.close();
    else void tryRun(task.request, null).then((outcome) => parentPort?.postMessage(outcome));
  });
}

function requestsOf(given: Arguments): readonly RunRequest[] {
  const seeds =
    given.seed === undefined
      ? Array.from({ length: given.seeds }, (_, at) => String(given.from + at))
      : [given.seed];
  const { without, clients } = given;
  return seeds.map((seed) => ({ ...wholeRun(seed, given.ticks), without, clientsMax: clients ?? null }));
}

async function traced(request: RunRequest, { seed, trace }: Arguments): Promise<RunOutcome> {
  if (seed === undefined || trace === undefined) return await tryRun(request, null);
  if (trace === true) return await tryRun(request, (line) => console.log(line));
  const lines: string[] = [];
  const outcome = await tryRun(request, (line) => lines.push(line));
  writeFileSync(trace, `${lines.join('\n')}\n`);
  return outcome;
}

async function tell(outcome: RunOutcome, given: Arguments, summary: Summary): Promise<void> {
  if (outcome.kind === 'passed') {
    summary.passed(outcome.report);
    console.log(
      given.json === undefined
        ? describeReport(outcome.report)
        : JSON.stringify({ ok: true, ...outcome.report }),
    );
    return;
  }
  summary.failed(outcome.failure);
  const smallest = await smallestOf(outcome.failure, given.shrink);
  const { request, checker, message, virtualMs, faults } = outcome.failure;
  if (given.json !== undefined) {
    const { seed, ticks } = request;
    const told = { ok: false, seed, ticks, checker, message, virtualMs, faults, smallest: smallest.request };
    console.log(JSON.stringify(told));
  } else console.error(describeFailure(outcome.failure, smallest, await writeTrace(smallest)));
  if (given.record !== undefined)
    appendFileSync(given.record, `${request.seed} ${request.ticks} ${checker}\n`);
}

async function smallestOf(failure: RunFailure, budgetSeconds: number): Promise<RunFailure> {
  if (budgetSeconds === 0 || failure.checker === hang) return failure;
  const endMs = performance.now() + budgetSeconds * 1_000;
  return await shrink(failure, {
    run: (request) => tryRun(request, null),
    enough: () => performance.now() >= endMs,
  });
}

/** The failing run once more, line by line, into a file. */
async function writeTrace({ request, checker }: RunFailure): Promise<string> {
  if (checker === hang) return 'none';
  const file = join(tmpdir(), `muster-sim-${request.seed.replace(/[^\w-]/g, '_')}.log`);
  const lines: string[] = [];
  await tryRun(request, (line) => lines.push(line));
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('must be a whole number, 1 or more.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('must be a number of seconds, 0 or more.');
  return value;
}

function faultList(text: string): readonly FaultKind[] {
  const kinds = parseFaultKinds(text);
  if (kinds === null) throw new InvalidArgumentError('names a fault that does not exist.');
  return kinds;
}
