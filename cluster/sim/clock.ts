/**
 * A member's clock over virtual time. It can be paused, as SIGSTOP pauses a process: what falls due
 * meanwhile runs on resuming, and periodic callbacks are not made up for. A crash silences it. Its
 * wall time may jump and drift; timeouts never ask for that.
 */
import type { Stop } from '../base/scope.ts';
import type { Clock } from '../ports/clock.ts';
import type { Scheduler } from './scheduler.ts';

/** 2026-01-01T00:00:00Z: the wall clock of every simulated world starts here. */
const wallEpochMs = 1_767_225_600_000;

/** The hardware clock of one machine, which outlives its processes. */
export class WallTime {
  readonly #scheduler: Scheduler;
  #offsetMs = 0;
  #rate = 1;
  #sinceMs = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Milliseconds since 1970, whole. */
  nowMs(): number {
    return wallEpochMs + Math.floor(this.#offset() + this.#scheduler.nowMs);
  }

  jump(byMs: number): void {
    this.#offsetMs += byMs;
  }

  /** Runs at `rate` times the true speed from now on. */
  drift(rate: number): void {
    this.#offsetMs = this.#offset();
    this.#sinceMs = this.#scheduler.nowMs;
    this.#rate = rate;
  }

  #offset(): number {
    return this.#offsetMs + (this.#scheduler.nowMs - this.#sinceMs) * (this.#rate - 1);
  }
}

export class SimClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #wall: WallTime;
  #state: 'running' | 'paused' | 'dead' = 'running';
  #held: (() => void)[] = [];

  constructor(scheduler: Scheduler, wall: WallTime) {
    this.#scheduler = scheduler;
    this.#wall = wall;
  }

  monotonicMs(): number {
    return this.#scheduler.nowMs;
  }

  wallMs(): number {
    return this.#wall.nowMs();
  }

  soon(callback: () => void): void {
    this.#scheduler.after(0, () => this.run(callback));
  }

  after(delayMs: number, callback: () => void): Stop {
    let stopped = false;
    // What fell due during a pause is held, and can still be stopped then.
    const act = () => {
      if (!stopped) callback();
    };
    const stop = this.#scheduler.after(delayMs, () => this.run(act));
    return () => {
      stopped = true;
      stop();
    };
  }

  every(periodMs: number, callback: () => void): Stop {
    let stopped = false;
    let missed = false;
    const beat = () => {
      if (stopped || this.#state === 'dead') return;
      this.#scheduler.after(periodMs, beat);
      if (this.#state === 'running') callback();
      else if (!missed) {
        missed = true;
        this.#held.push(() => {
          missed = false;
          if (!stopped) callback();
        });
      }
    };
    this.#scheduler.after(periodMs, beat);
    return () => {
      stopped = true;
    };
  }

  /** Runs what the outside world delivers to this member: now, on resuming, or never. */
  run(callback: () => void): void {
    if (this.#state === 'running') callback();
    else if (this.#state === 'paused') this.#held.push(callback);
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const held = this.#held;
    this.#held = [];
    for (const callback of held) this.soon(callback);
  }

  /** The process is gone: nothing of it runs any more. */
  kill(): void {
    this.#state = 'dead';
    this.#held = [];
  }
}
