/** SIGINT and SIGTERM: the first asks for an orderly end, the second ends at once. */

export interface StopSignals {
  /** Settles with the first signal. */
  readonly requested: Promise<void>;
  /** Set what the second signal does before the process ends. */
  onForce(action: () => void): void;
  /** Leaves signals to Node again. */
  release(): void;
}

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
  let isRequested = false;

  function received(): void {
    if (isRequested) {
      force();
      process.exit(interruptedCode);
    }
    isRequested = true;
    request();
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
