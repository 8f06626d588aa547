import { describe, expect, it } from 'vitest';
import type { Health } from '../api/ensemble.ts';
import { untilQuorum } from './quorum.ts';
import { StandInSupervisor } from './testing/stand-in.ts';

const level = (name: Health['level']): { readonly health: Health } => ({
  health: { level: name, working: 0, total: 1, tolerance: 0, sinceMs: 0, reasons: [] },
});

describe('waiting for a majority', () => {
  it('ends at once when there is one', async () => {
    expect(await untilQuorum(new StandInSupervisor())).toBe(true);
  });

  it('outlasts an election', async () => {
    const supervisor = new StandInSupervisor();
    supervisor.change(level('noQuorum'));
    const waiting = untilQuorum(supervisor);
    supervisor.change(level('degraded'));
    expect(await waiting).toBe(true);
    expect(supervisor.listeners).toBe(0);
  });

  it('ends at once when too few processes run', async () => {
    const supervisor = new StandInSupervisor();
    const members = supervisor
      .view()
      .members.map((member) => ({ ...member, process: { kind: 'stopped' } as const }));
    supervisor.change({ ...level('noQuorum'), members });
    const before = performance.now();
    expect(await untilQuorum(supervisor)).toBe(false);
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('gives up when no election comes to an end', async () => {
    const supervisor = new StandInSupervisor();
    supervisor.change(level('noQuorum'));
    expect(await untilQuorum(supervisor)).toBe(false);
    expect(supervisor.listeners).toBe(0);
  });
});
