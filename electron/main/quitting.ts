/** Leaving in order: the members stop first, within a deadline; past it they are killed. */

export interface QuitSteps {
  /** Stops the members and the console. */
  close(): Promise<void>;
  /** Ends what is left at once. */
  kill(): void;
  /** Ends this process. */
  exit(code: number): void;
  readonly deadlineMs: number;
}

/** Returns the quit: the first call begins it, later ones wait for the same end. */
export function createQuit(steps: QuitSteps): () => Promise<void> {
  let quitting: Promise<void> | null = null;
  return () => {
    quitting ??= quit(steps);
    return quitting;
  };
}

async function quit({ close, kill, exit, deadlineMs }: QuitSteps): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<'late'>((settle) => {
    timer = setTimeout(() => settle('late'), deadlineMs);
  });
  const closed = close().then(
    () => 'closed' as const,
    () => 'failed' as const,
  );
  const end = await Promise.race([closed, late]);
  if (timer !== null) clearTimeout(timer);
  if (end !== 'closed') kill();
  exit(end === 'closed' ? 0 : 1);
}
