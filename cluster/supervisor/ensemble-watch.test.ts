import { describe, expect, it } from 'vitest';
import type { MemberView } from '../api/ensemble.ts';
import { EnsembleWatch } from './ensemble-watch.ts';
import { sampleReport } from './testing/sample-report.ts';

/** Members that are up and name `leader`, in this term; the one named 'down' has crashed. */
function members(options: {
  readonly leader: number | null;
  readonly term: number;
  readonly down?: number;
  readonly atMs: number;
}): MemberView[] {
  return [1, 2, 3].map((id) => ({
    id,
    clientPort: 1,
    peerPort: 1,
    dataFolder: '',
    logFile: '',
    standing: 'voter' as const,
    process:
      id === options.down
        ? { kind: 'crashed', exitCode: null, signal: 'SIGKILL', reason: null }
        : { kind: 'up', pid: id },
    blocked: { to: [], from: [] },
    reportedAtMs: options.atMs,
    report: sampleReport({
      role: id === options.leader ? 'leader' : 'follower',
      term: options.term,
      leader: options.leader,
    }),
  }));
}

describe('watching an ensemble', () => {
  it('tells of a lost leader, its successor and the time between, each once', () => {
    const watch = new EnsembleWatch();
    watch.look({ members: members({ leader: 1, term: 1, atMs: 0 }), unfinished: null }, 0);
    const lost = members({ leader: 1, term: 1, down: 1, atMs: 1_000 });
    expect(watch.look({ members: lost, unfinished: null }, 1_000)).toMatchObject([
      { kind: 'leaderLost', member: 1, facts: { term: 1 } },
      { kind: 'healthChanged', level: 'error', facts: { level: 'noQuorum', before: 'healthy' } },
    ]);
    expect(watch.look({ members: lost, unfinished: null }, 1_010)).toEqual([]);
    const elected = members({ leader: 2, term: 2, down: 1, atMs: 1_080 });
    expect(watch.look({ members: elected, unfinished: null }, 1_080)).toMatchObject([
      { kind: 'leaderElected', member: 2, facts: { term: 2, withoutLeaderMs: 80 } },
      { kind: 'healthChanged', level: 'warn', facts: { level: 'degraded', before: 'noQuorum' } },
    ]);
  });

  it('tells of a leader re-elected in a new term', () => {
    const watch = new EnsembleWatch();
    watch.look({ members: members({ leader: 1, term: 1, atMs: 0 }), unfinished: null }, 0);
    expect(
      watch.look({ members: members({ leader: 1, term: 3, atMs: 9 }), unfinished: null }, 9),
    ).toMatchObject([
      { kind: 'leaderElected', member: 1, facts: { term: 3, withoutLeaderMs: null, before: 1 } },
    ]);
  });
});
