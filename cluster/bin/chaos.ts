/**
 * `npm run chaos -- --minutes 10`: real processes, real clients, real faults from a seed; then everything is
 * healed and every promise is looked at. Real time is not the simulator's: a seed repeats the faults, not the run.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { type FaultKind, faultKinds } from './chaos/faults.ts';
import { type ChaosReport, runChaos } from './chaos/run.ts';
import { reportTable } from './chaos/table.ts';
import { stopSignals } from './commands/stop-signals.ts';

interface Arguments {
  readonly minutes: number;
  readonly seed?: string;
  readonly members: number;
  readonly everyMs: number;
  readonly only?: readonly FaultKind[];
  readonly json?: true;
}

process.exitCode = await main(
  new Command('chaos')
    .description(
      'Break a real ensemble under load in every way, heal it, and see whether every promise was kept.',
    )
    .option('--minutes <count>', 'how long faults strike', positive, 10)
    .option('--seed <seed>', 'decides the faults and the load; drawn when left out')
    .option('--members <count>', '3, 5 or 7', members, 5)
    .option('--every-ms <count>', 'mean time between faults', positive, 700)
    .option('--only <kinds>', `only these faults, of ${faultKinds.join(', ')}`, kinds)
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nCtrl-C ends the faults early and looks at the promises. Exit code 1 when one was broken; the data folders and the history are kept then.',
    )
    .parse()
    .opts<Arguments>(),
);

async function main(given: Arguments): Promise<number> {
  const seed = given.seed ?? String(randomInt(2 ** 32));
  const folder = mkdtempSync(join(tmpdir(), 'muster-chaos-'));
  process.stderr.write(`seed ${seed}, files in ${folder}\n`);
  const signals = stopSignals();
  const { report, history } = await runChaos({
    seed,
    members: given.members,
    durationMs: given.minutes * 60_000,
    everyMs: given.everyMs,
    kinds: given.only ?? faultKinds,
    calledOff: signals.requested,
    // A paused member would outlive this process.
    started: (supervisor) => signals.onForce(() => killAll(supervisor)),
    dataFolder: join(folder, 'ensemble'),
    memberModule: fileURLToPath(new URL('./member.js', import.meta.url)),
    tell: (line) => process.stderr.write(`${line}\n`),
  });
  signals.release();
  console.log(given.json === undefined ? reportTable(report) : JSON.stringify(report, null, 2));
  if (isGood(report)) {
    rmSync(folder, { recursive: true, force: true });
    return 0;
  }
  const historyFile = join(folder, 'history.jsonl');
  writeFileSync(historyFile, history.map((event) => `${JSON.stringify(event)}\n`).join(''));
  process.stderr.write(
    `A promise was broken. Kept: ${folder}\n` +
      `Look at the history: npm run -s muster -- check ${historyFile} --model znode\n` +
      `Repeat the faults: npm run chaos -- --minutes ${given.minutes} --members ${given.members} --seed ${seed}\n`,
  );
  return 1;
}

function isGood({ findings }: ChaosReport): boolean {
  return findings.every(({ wrong }) => wrong === null);
}

/** The supervisor shows a pid only while it holds that process. */
function killAll(supervisor: Supervisor): void {
  for (const { process: state } of supervisor.view().members)
    if ('pid' in state) process.kill(state.pid, 'SIGKILL');
}

function kinds(text: string): readonly FaultKind[] {
  const named = text.split(',').map((name) => faultKinds.find((kind) => kind === name));
  const known = named.filter((kind) => kind !== undefined);
  if (known.length < named.length) throw new InvalidArgumentError('names a fault that does not exist.');
  return known;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0.');
  return value;
}

function members(text: string): number {
  if (['3', '5', '7'].includes(text)) return Number(text);
  throw new InvalidArgumentError('must be 3, 5 or 7.');
}
