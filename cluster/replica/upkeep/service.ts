/**
 * Whether this member can serve clients: a leader takes its commands and they get done. For a grace
 * period after the leader is lost the answer stays yes, so that an election costs clients a pause
 * and no connection (DESIGN.md 5.4; ZooKeeper drops its clients at once).
 */

/** Longest time without a working leader before clients are sent away. Less than the shortest session. */
export const leaderlessGraceMs = 3_000;

export class Service {
  readonly #tickMs: number;
  #stalledMs = leaderlessGraceMs + 1;

  constructor(options: { readonly tickMs: number }) {
    this.#tickMs = options.tickMs;
  }

  get serving(): boolean {
    return this.#stalledMs <= leaderlessGraceMs;
  }

  /** Milliseconds since the leader last worked for this member; 0 while it does. */
  get stalledMs(): number {
    return this.#stalledMs;
  }

  /** One tick went by. Says whether serving began or ended with it. */
  tick(path: {
    readonly connected: boolean;
    readonly stalledTicks: number;
  }): 'began' | 'ended' | 'unchanged' {
    const before = this.serving;
    const working = path.connected && path.stalledTicks * this.#tickMs <= leaderlessGraceMs;
    this.#stalledMs = working ? 0 : this.#stalledMs + this.#tickMs;
    if (before === this.serving) return 'unchanged';
    return before ? 'ended' : 'began';
  }
}
