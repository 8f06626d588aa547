/** The founding of an ensemble: every member makes its data directory, and none works before all have. */
import type { ApiError } from '../api/errors.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { deferred } from './deferred.ts';
import type { Member } from './member.ts';

export class Founding {
  readonly #members: ReadonlyMap<number, Member>;
  readonly #incarnations = new Map<number, number>();
  readonly #complete = deferred();

  constructor(members: ReadonlyMap<number, Member>) {
    this.#members = members;
  }

  /** A member made its directory, as this incarnation. */
  created(id: number, incarnation: number): void {
    this.#incarnations.set(id, incarnation);
    if (this.#incarnations.size === this.#members.size) this.#complete.settle();
  }

  /** Starts every member; settles with all incarnations, or with the first failure. */
  run(): Promise<Result<ReadonlyMap<number, number>, ApiError>> {
    return new Promise((settle) => {
      void this.#complete.promise.then(() => settle(ok(this.#incarnations)));
      for (const member of this.#members.values()) {
        void member.start().then((started) => {
          if (!started.ok) settle(fail(started.error));
        });
      }
    });
  }
}
