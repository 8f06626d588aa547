/**
 * No acknowledged write is lost, none is applied twice, nothing appears that nobody wrote. Every write
 * carries a serial of its own; a write without an answer may or may not be there, but once at most.
 */
import { Violation } from './violation.ts';

type Fate = 'tried' | 'acknowledged' | 'refused';

export class AcknowledgedWrites {
  readonly #writes = new Map<string, Fate>();

  tried(serial: string): void {
    if (this.#writes.has(serial)) throw new Violation('unique serials', `${serial} was written before`);
    this.#writes.set(serial, 'tried');
  }

  acknowledged(serial: string): void {
    this.#writes.set(serial, 'acknowledged');
  }

  /** The ensemble answered with an error: the write must not be there. */
  refused(serial: string): void {
    this.#writes.set(serial, 'refused');
  }

  /** A forced recovery gave it up, acknowledged or not. */
  mayBeLost(serial: string): void {
    if (this.#writes.get(serial) === 'acknowledged') this.#writes.set(serial, 'tried');
  }

  get counts(): { readonly tried: number; readonly acknowledged: number } {
    let acknowledged = 0;
    for (const fate of this.#writes.values()) if (fate === 'acknowledged') acknowledged += 1;
    return { tried: this.#writes.size, acknowledged };
  }

  /** Compares with the serials found at the end on one member, in any order. */
  verify(member: string, found: Iterable<string>): void {
    const times = new Map<string, number>();
    for (const serial of found) times.set(serial, (times.get(serial) ?? 0) + 1);
    for (const [serial, count] of times) {
      const fate = this.#writes.get(serial);
      if (fate === undefined) throw new Violation('no phantom', `${serial} on ${member} was never written`);
      if (fate === 'refused') throw new Violation('no phantom', `${serial} on ${member} was refused`);
      if (count > 1) throw new Violation('exactly once', `${serial} is there ${count} times on ${member}`);
    }
    for (const [serial, fate] of this.#writes) {
      if (fate === 'acknowledged' && !times.has(serial)) {
        throw new Violation('no acknowledged write is lost', `${serial} is missing on ${member}`);
      }
    }
  }
}
