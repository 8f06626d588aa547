/**
 * Linearizability, the cheap part that is always on: whatever anybody was told before a request began
 * lies before it. A write comes after it in the log; a read behind a `sync` shows at least as much.
 */
import type { Zxid } from '../base/ids.ts';
import { Violation } from './violation.ts';

export class RealTimeOrder {
  #told = 0;

  /** A request begins: remember what this returns until it is answered. */
  begin(): number {
    return this.#told;
  }

  /** Somebody was told that the log reaches this far. */
  told(zxid: Zxid): void {
    if (zxid > this.#told) this.#told = zxid;
  }

  /** A write that began at `begun` stands at `zxid`. */
  wrote(client: string, { zxid, begun }: { readonly zxid: Zxid; readonly begun: number }): void {
    if (zxid > begun) return;
    throw new Violation('writes in real time', `${client}: a write at ${zxid} began when ${begun} was known`);
  }

  /** A read behind a `sync` that began at `begun` was answered at `zxid`. */
  readBehindSync(client: string, { zxid, begun }: { readonly zxid: Zxid; readonly begun: number }): void {
    if (zxid >= begun) return;
    throw new Violation(
      'sync reads the newest',
      `${client}: read at ${zxid}, but ${begun} was known before the sync`,
    );
  }
}
