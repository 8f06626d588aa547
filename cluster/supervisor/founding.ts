/** New data directories: all of them when an ensemble is founded, one when a member joins. */
import type { ApiError } from '../api/errors.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Crew } from './crew.ts';
import { clearUnfinishedMember } from './data-folder.ts';
import { deferred } from './deferred.ts';
import { creationFailed, type StartError } from './failures.ts';
import type { Roster } from './roster.ts';

export class Founding {
  readonly #crew: Crew;
  readonly #roster: Roster;
  readonly #made = new Set<number>();
  readonly #complete = deferred();

  constructor(crew: Crew, roster: Roster) {
    this.#crew = crew;
    this.#roster = roster;
  }

  /** Founds a new ensemble: no member works before every directory exists and that is on record. */
  async run(): Promise<Result<null, StartError>> {
    const { path, record } = this.#roster;
    for (const id of this.#crew.ids) clearUnfinishedMember(path, record, id);
    const started = await this.#startAll();
    if (!started.ok) return fail(creationFailed(path, started.error));
    const members = record.members.map((member) => ({ ...member, standing: 'voter' as const }));
    const saved = this.#roster.directoriesMade({ state: 'created', members });
    if (!saved.ok) return saved;
    for (const id of this.#crew.ids) this.#crew.made(id);
    return ok(null);
  }

  /** A process made its data directory and waits until that is on record. */
  created(id: number): void {
    if (this.#roster.record.state === 'creating') {
      this.#made.add(id);
      if (this.#made.size === this.#crew.ids.length) this.#complete.settle();
      return;
    }
    const members = this.#roster.withMember(id, { standing: 'joining' });
    // A process that is not told to proceed is ended when its time to be ready is over.
    if (this.#roster.directoriesMade({ members }).ok) this.#crew.made(id);
  }

  /** Settles when all directories are made, or with the first failure. */
  #startAll(): Promise<Result<null, ApiError>> {
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
