/** SIGINT and SIGTERM: the first asks for an orderly end, a later one ends at once. */

export interface StopSignals {
  /** Settles with the first signal. */
  readonly requested: Promise<void>;
  /** Set what a later signal does before the process ends. */
  onForce(action: () => void): void;
  /** Leaves signals to Node again. */
  release(): void;
}

/** One Ctrl-C under npm arrives twice: from the terminal, and passed on by npm. */
const sameRequestMs = 500;

/** The exit code that shells give for an end by SIGINT. */
const interruptedCode = 130;

/** Begins to listen for signals. SIGHUP: the terminal was closed. */
export function stopSignals(): StopSignals {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let request: () => void = () => undefined;
  let force: () => void = () => undefined;
  const requested = new Promise<void>((settle) => {
    request = settle;
  });
  let requestedAtMs: number | null = null;

  function received(): void {
    const nowMs = performance.now();
    requestedAtMs ??= nowMs;
    request();
    if (nowMs - requestedAtMs < sameRequestMs) return;
    force();
    process.exit(interruptedCode);
  }

  for (const signal of signals) process.on(signal, received);
  return {
    requested,
    onForce(action) {
      force = action;
    },
    release() {
      for (const signal of signals) process.off(signal, received);
    },
  };
}
