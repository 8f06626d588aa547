import { describe, expect, it } from 'vitest';
import { type FaultKind, noFaults } from './fault-kinds.ts';
import type { RunFailure, RunOutcome } from './outcome.ts';
import type { RunRequest } from './request.ts';
import { parseFaultKinds, replayArguments, shrink } from './shrink.ts';

/** What a run of a request fails with when its bug needs these faults, clients and this moment. */
function failureOf(request: RunRequest, bug: { readonly failsAtMs: number }): RunFailure {
  const faults = { ...noFaults(), crash: 3, pause: 2, partition: 1 };
  for (const kind of request.without) faults[kind] = 0;
  return { request, checker: 'same log', message: '', stack: '', virtualMs: bug.failsAtMs, faults };
}

function runner(bug: {
  readonly needs: readonly FaultKind[];
  readonly clients: number;
  readonly ticks: number;
  readonly failsAtMs: number;
}): { readonly run: (request: RunRequest) => Promise<RunOutcome>; readonly runs: () => number } {
  let runs = 0;
  return {
    runs: () => runs,
    run: async (request) => {
      runs += 1;
      const fails =
        bug.needs.every((kind) => !request.without.includes(kind)) &&
        (request.clientsMax ?? 6) >= bug.clients &&
        request.ticks >= bug.ticks;
      if (fails) return { kind: 'failed', failure: failureOf(request, bug) };
      return { kind: 'failed', failure: { ...failureOf(request, bug), checker: 'another' } };
    },
  };
}

const whole: RunRequest = { seed: '7', ticks: 20_000, without: [], clientsMax: null };

describe('shrinking a failing run', () => {
  it('ends it behind the failure, and leaves out faults and clients that the failure does not need', async () => {
    const bug = { needs: ['crash'] as const, clients: 2, ticks: 900, failsAtMs: 9_000 };
    const { run } = runner(bug);
    const smallest = await shrink(failureOf(whole, bug), { run, enough: () => false });
    expect(smallest.request).toEqual({
      seed: '7',
      ticks: 901,
      without: ['pause', 'partition'],
      clientsMax: 2,
    });
  });

  it('halves a run that fails only at its end', async () => {
    const bug = { needs: [], clients: 1, ticks: 3_000, failsAtMs: 260_000 };
    const { run } = runner(bug);
    const smallest = await shrink(failureOf(whole, bug), { run, enough: () => false });
    expect(smallest.request.ticks).toBe(5_000);
  });

  it('stops when it is told that it is enough', async () => {
    const bug = { needs: [], clients: 1, ticks: 1, failsAtMs: 260_000 };
    const { run, runs } = runner(bug);
    await shrink(failureOf(whole, bug), { run, enough: () => runs() >= 2 });
    expect(runs()).toBe(2);
  });

  it('says how to run it again', () => {
    const request: RunRequest = { seed: '7', ticks: 901, without: ['pause', 'partition'], clientsMax: 2 };
    expect(replayArguments(request)).toBe('--seed 7 --ticks 901 --without pause,partition --clients 2');
    expect([parseFaultKinds('pause,partition'), parseFaultKinds('pause,flood')]).toEqual([
      ['pause', 'partition'],
      null,
    ]);
  });
});
