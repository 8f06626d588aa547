/** Randomness. `fork` gives a stream of its own, so that one more draw here changes nothing there. */
export interface Random {
  fork(label: string): Random;
  /** A whole number, 0 ≤ n < `limit`. */
  below(limit: number): number;
  bytes(length: number): Uint8Array;
}
