/** One run of each measure. Times are milliseconds of this process's clock, memory is mebibytes. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ZkClient } from '../../client/client.ts';
import type { Ensemble, FaultKind, PreparedEnsemble } from './engine.ts';
import { median } from './samples.ts';
import { createFirst, openBenchClient, type StreamOutcome, startWriteStream } from './write-stream.ts';

/** Writes before the fault, so that connection and code are warm. */
const warmUpMs = 200;
/** Writes after the fault, in which late disconnects would show. */
const aftermathMs = 200;
const requestsPerRun = 300;
const warmUpRounds = 2;
const idleMs = 2_000;
const kibibytesPerMebibyte = 1_024;
const value = new Uint8Array(100);

export interface Failover {
  /** From the fault to the acknowledgement of a write that was sent after it. */
  readonly pauseMs: number;
  readonly client: StreamOutcome;
}

/** From the start of the processes of a fresh ensemble to the first acknowledged write. */
export async function coldStart(prepared: PreparedEnsemble): Promise<number> {
  const startedMs = performance.now();
  const ensemble = await prepared.launch();
  const client = openBenchClient(ensemble.connect(ensemble.members));
  await createFirst(client, '/first');
  const tookMs = performance.now() - startedMs;
  await client.close();
  return tookMs;
}

/** The leader fails under a client of the other members; everything is repaired afterwards. */
export async function failover(ensemble: Ensemble, fault: FaultKind): Promise<Failover> {
  await ensemble.untilHealthy();
  const leader = await ensemble.leader();
  const survivors = ensemble.members.filter((member) => member !== leader);
  const stream = await startWriteStream(ensemble.connect(survivors));
  await sleep(warmUpMs);
  const faultMs = performance.now();
  const injected = ensemble.inject(fault, leader);
  const pauseMs = (await stream.firstWriteSentAfter(faultMs)) - faultMs;
  await sleep(aftermathMs);
  const client = await stream.stop();
  await injected;
  await ensemble.repair(fault, leader);
  await ensemble.untilHealthy();
  return { pauseMs, client };
}

/** One client of one member, one request at a time: the medians of its sets and its gets. */
export async function latency(
  ensemble: Ensemble,
  member: number,
): Promise<{ readonly setMs: number; readonly getMs: number }> {
  const client = openBenchClient(ensemble.connect([member]));
  const path = '/bench-latency';
  await createFirst(client, path);
  const setMs = await medianTime(() => client.setData({ path, data: value }));
  const getMs = await medianTime(() => client.getData(path));
  await client.close();
  return { setMs, getMs };
}

/** Requests that nobody measures, so that neither engine is judged by code that was not compiled yet. */
export async function warmUp(ensemble: Ensemble): Promise<void> {
  for (let round = 0; round < warmUpRounds; round += 1)
    for (const member of ensemble.members) await latency(ensemble, member);
}

/** Resident memory of each member's process, after a moment without clients; empty where /proc has none. */
export async function idleMemory(ensemble: Ensemble): Promise<readonly number[]> {
  await ensemble.untilHealthy();
  await sleep(idleMs);
  return ensemble.pids().flatMap((pid) => residentMebibytes(pid) ?? []);
}

async function medianTime(ask: () => ReturnType<ZkClient['setData'] | ZkClient['getData']>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < requestsPerRun; count += 1) {
    const startedMs = performance.now();
    const answer = await ask();
    if (!answer.ok) throw new Error(answer.error.what);
    times.push(performance.now() - startedMs);
  }
  return median(times);
}

/** Linux's VmRSS. */
function residentMebibytes(pid: number): number | null {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) / kibibytesPerMebibyte;
  } catch {
    // No /proc on this system, or the process has just ended: nothing to measure.
    return null;
  }
}
