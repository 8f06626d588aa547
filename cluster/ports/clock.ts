/** Time as one member sees it. */
import type { Stop } from '../base/scope.ts';

/** Time as one member sees it. The simulator's clock is virtual; a fault can skew the wall time. */
export interface Clock {
  /** Monotonic milliseconds, fractional, from an arbitrary origin: for durations. */
  monotonicMs(): number;
  /** Milliseconds since 1970, whole: for `ctime` and `mtime`, never for timeouts. */
  wallMs(): number;
  /** Calls back once the input at hand has been read: the place to batch what came in together. */
  soon(callback: () => void): void;
  /** Calls back once after `delayMs`. */
  after(delayMs: number, callback: () => void): Stop;
  /** Calls back every `periodMs`; periods missed by a stalled process are not made up for. */
  every(periodMs: number, callback: () => void): Stop;
}
