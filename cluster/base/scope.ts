/** What starts returns how to stop (STYLE.md 16). */

/** Undoes what was started. Calling it twice is harmless. */
export type Stop = () => void;
/** As `Stop`, done when the promise settles. */
export type StopAsync = () => Promise<void>;

/** Collects the stops of what one owner started; `close` runs them in reverse order, each once. */
export class Scope {
  readonly #stops: (Stop | StopAsync)[] = [];

  /** Registers on the line that starts something. */
  add(stop: Stop | StopAsync): void {
    this.#stops.push(stop);
  }

  /** Runs every stop in reverse; a failing one does not keep the others from running. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'something did not stop cleanly');
  }
}
