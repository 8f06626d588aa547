/** What a directory promised in a term it never takes back: its term does not fall, also across restarts. */
import type { Incarnation, Term } from '../base/ids.ts';
import { Violation } from './violation.ts';

export class TermsNeverFall {
  readonly #promised = new Map<Incarnation, Term>();

  /** It told somebody something that binds it in this term: a vote, an acknowledgement. */
  promised(directory: Incarnation, term: Term): void {
    const before = this.#promised.get(directory);
    if (before === undefined || term > before) this.#promised.set(directory, term);
  }

  /** Its process believes to be in this term. */
  observe(directory: Incarnation, term: Term): void {
    const promised = this.#promised.get(directory);
    if (promised === undefined || term >= promised) return;
    throw new Violation(
      'terms never fall',
      `directory ${directory.toString(16)} is in term ${term} after it promised something in ${promised}`,
    );
  }
}
