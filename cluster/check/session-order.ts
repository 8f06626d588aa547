/** What one session is promised: its zxids never fall, its answers come in order, it reads its own writes. */
import type { Zxid } from '../base/ids.ts';
import { Violation } from './violation.ts';

export class SessionOrder {
  readonly #name: string;
  #zxid = 0;
  #lastAnswered = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** An answer arrived: the `ordinal`-th request of this connection. */
  answered(ordinal: number, zxid: Zxid): void {
    if (ordinal <= this.#lastAnswered) {
      throw new Violation('answers in order', `${this.#name}: ${ordinal} after ${this.#lastAnswered}`);
    }
    this.#lastAnswered = ordinal;
    if (zxid < this.#zxid) {
      throw new Violation('zxid never falls', `${this.#name}: ${zxid} after ${this.#zxid}`);
    }
    this.#zxid = zxid;
  }

  /** The session goes on over another connection: requests are numbered anew. */
  reconnected(): void {
    this.#lastAnswered = 0;
  }

  /** Highest zxid seen: what the client tells the next server. */
  get zxid(): number {
    return this.#zxid;
  }
}
