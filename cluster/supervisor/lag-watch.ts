/** Which members are behind and do not move: "alive" is not "working", however few entries it is about. */

/** A member that is behind gets this long to apply something. Catching up takes less between any two reports. */
const stuckAfterMs = 2_000;

export interface Lag {
  readonly id: number;
  /** Entries that the member misses or has not applied. */
  readonly behind: number;
  readonly applied: number;
}

export class LagWatch {
  /** Members that are behind, with where they stood and since when. */
  readonly #behind = new Map<number, { readonly applied: number; readonly sinceMs: number }>();

  /** The members that have been behind, at the same applied index, for too long. */
  look(lags: readonly Lag[], nowMs: number): ReadonlySet<number> {
    const stuck = new Set<number>();
    const lagging = new Map(lags.filter(({ behind }) => behind > 0).map((lag) => [lag.id, lag]));
    for (const id of [...this.#behind.keys()]) if (!lagging.has(id)) this.#behind.delete(id);
    for (const { id, applied } of lagging.values()) {
      const known = this.#behind.get(id);
      if (known?.applied !== applied) this.#behind.set(id, { applied, sinceMs: nowMs });
      else if (nowMs - known.sinceMs >= stuckAfterMs) stuck.add(id);
    }
    return stuck;
  }
}
