/** A promise that is settled from elsewhere (`Promise.withResolvers`, which Node 20 lacks). */
export interface Deferred {
  readonly promise: Promise<void>;
  readonly settle: () => void;
}

export function deferred(): Deferred {
  let settle: (() => void) | null = null;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle: () => settle?.() };
}
