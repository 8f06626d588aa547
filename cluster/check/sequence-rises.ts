/** Sequential znodes of one parent: their numbers are unique and rise in the order of their creation. */
import { Violation } from './violation.ts';

const numberDigits = 10;

export class SequenceRises {
  readonly #last = new Map<string, { readonly number: number; readonly path: string }>();

  /** A sequential znode was created; told in the order of the log. */
  created(parent: string, path: string): void {
    const number = Number(path.slice(-numberDigits));
    const last = this.#last.get(parent);
    if (last !== undefined && number <= last.number) {
      throw new Violation('sequence rises', `${path} was created after ${last.path}`);
    }
    this.#last.set(parent, { number, path });
  }
}
