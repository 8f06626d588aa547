/** The founding of an ensemble: every member makes its data directory, and none works before all have. */
import type { ApiError } from '../api/errors.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Crew } from './crew.ts';
import { deferred } from './deferred.ts';

export class Founding {
  readonly #crew: Crew;
  readonly #made = new Set<number>();
  readonly #complete = deferred();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  /** A member made its directory. */
  created(id: number): void {
    this.#made.add(id);
    if (this.#made.size === this.#crew.ids.length) this.#complete.settle();
  }

  /** Starts every member; settles when all directories are made, or with the first failure. */
  run(): Promise<Result<null, ApiError>> {
    return new Promise((settle) => {
      void this.#complete.promise.then(() => settle(ok(null)));
      for (const member of this.#crew.members) {
        this.#crew.mayMake(member.id);
        void member.start().then((started) => {
          if (!started.ok) settle(fail(started.error));
        });
      }
    });
  }
}
