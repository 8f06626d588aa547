import { describe, expect, it } from 'vitest';
import { leaderlessGraceMs, Service } from './service.ts';

const tickMs = 10;
const graceTicks = leaderlessGraceMs / tickMs;
const working = { connected: true, stalledTicks: 0 };
const leaderless = { connected: false, stalledTicks: 0 };

describe('whether a member serves clients', () => {
  it('does not serve before a leader has taken it in', () => {
    const service = new Service({ tickMs });
    expect(service.tick(leaderless)).toBe('unchanged');
    expect(service.serving).toBe(false);
    expect(service.tick(working)).toBe('began');
  });

  it('goes on serving through an election shorter than the grace', () => {
    const service = new Service({ tickMs });
    service.tick(working);
    for (let tick = 0; tick < graceTicks; tick += 1) expect(service.tick(leaderless)).toBe('unchanged');
    expect(service.serving).toBe(true);
    expect(service.tick(leaderless)).toBe('ended');
    expect(service.serving).toBe(false);
  });

  it('ends serving when a leader is known but commands do not get done', () => {
    const service = new Service({ tickMs });
    service.tick(working);
    const changes = [];
    for (let tick = 1; tick <= 3 * graceTicks; tick += 1) {
      const change = service.tick({ connected: true, stalledTicks: tick });
      if (change !== 'unchanged') changes.push(change);
    }
    expect(changes).toEqual(['ended']);
  });
});
