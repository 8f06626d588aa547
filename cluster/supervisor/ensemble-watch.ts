/** Watches the ensemble as a whole: its health, its leader, and what changed since the last look. */
import type { Health, MemberView } from '../api/ensemble.ts';
import { currentLeader, judgeHealth, type Seen } from './health.ts';
import { LagWatch } from './lag-watch.ts';
import type { NewEvent } from './timeline.ts';

interface Leader {
  readonly id: number;
  readonly term: number;
}

export class EnsembleWatch {
  readonly #lagWatch = new LagWatch();
  #health: Health | null = null;
  #leader: Leader | null = null;
  #leaderlessSinceMs: number | null = null;

  /** The verdict as of now. */
  health(seen: Seen, nowMs: number): Health {
    return judgeHealth({ ...seen, nowMs, previous: this.#health, lagWatch: this.#lagWatch });
  }

  /** Judges anew and returns what is worth telling, oldest first. */
  look(seen: Seen, nowMs: number): readonly NewEvent[] {
    return [...this.#lookForLeader(seen.members, nowMs), ...this.#lookAtHealth(seen, nowMs)];
  }

  #lookForLeader(members: readonly MemberView[], nowMs: number): readonly NewEvent[] {
    const before = this.#leader;
    const leader = currentLeader(members, nowMs);
    if (leader?.id === before?.id && leader?.term === before?.term) return [];
    this.#leader = leader;
    if (leader === null) {
      this.#leaderlessSinceMs = nowMs;
      return [
        { kind: 'leaderLost', level: 'warn', member: before?.id ?? null, facts: { term: before?.term ?? 0 } },
      ];
    }
    const withoutMs = this.#leaderlessSinceMs === null ? null : nowMs - this.#leaderlessSinceMs;
    this.#leaderlessSinceMs = null;
    const facts = { term: leader.term, withoutLeaderMs: withoutMs, before: before?.id ?? null };
    return [{ kind: 'leaderElected', level: 'info', member: leader.id, facts }];
  }

  #lookAtHealth(seen: Seen, nowMs: number): readonly NewEvent[] {
    const before = this.#health;
    const health = this.health(seen, nowMs);
    this.#health = health;
    if (health.level === before?.level) return [];
    const facts = {
      level: health.level,
      before: before?.level ?? null,
      working: health.working,
      total: health.total,
    };
    const level = { healthy: 'info', degraded: 'warn', noQuorum: 'error', stopped: 'warn' } as const;
    return [{ kind: 'healthChanged', level: level[health.level], member: null, facts }];
  }
}
