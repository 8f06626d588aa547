/** A `multi` happens whole or not at all: of the serials it wrote, all are there or none. */
import { Violation } from './violation.ts';

export class WholeMultis {
  readonly #multis: (readonly string[])[] = [];

  tried(serials: readonly string[]): void {
    this.#multis.push(serials);
  }

  /** Compares with the serials found at the end on one member. */
  verify(member: string, found: ReadonlySet<string>): void {
    for (const serials of this.#multis) {
      const there = serials.filter((serial) => found.has(serial)).length;
      if (there !== 0 && there !== serials.length) {
        throw new Violation('multi is atomic', `${there} of ${serials.join(', ')} are on ${member}`);
      }
    }
  }
}
