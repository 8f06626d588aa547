/**
 * Builds the store's content from a snapshot, step by step: all at once when a member starts, one step
 * a turn when it runs. Nothing of the store changes until the result is installed.
 */
import { MalformedInput } from '../../base/bytes.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SnapshotReader } from '../../wal/snapshot-reader.ts';
import type { Store } from '../../zk/store.ts';
import type { LoadedState } from '../../zk/store-loader.ts';

export interface LoadProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Loads it in one go. The failure says what is wrong with the snapshot. */
export function loadAtOnce(
  store: Store,
  reader: SnapshotReader,
  progress: (progress: LoadProgress) => void,
): Result<LoadedState, string> {
  const steps = loadSteps(store, reader);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    progress(step.value);
  }
}

/** Loads it one step a turn, then calls `done`, unless it was stopped. */
export function loadBetweenTurns(
  { store, reader, clock }: { readonly store: Store; readonly reader: SnapshotReader; readonly clock: Clock },
  done: (loaded: Result<LoadedState, string>) => void,
): () => void {
  const steps = loadSteps(store, reader);
  let stopped = false;
  const goOn = (): void => {
    if (stopped) return;
    const step = steps.next();
    if (step.done === true) done(step.value);
    else clock.soon(goOn);
  };
  clock.soon(goOn);
  return () => {
    stopped = true;
  };
}

function* loadSteps(
  store: Store,
  reader: SnapshotReader,
): Generator<LoadProgress, Result<LoadedState, string>> {
  const loader = store.loader();
  const totalBytes = reader.info.sizeBytes;
  let doneBytes = 0;
  try {
    for (const chunk of reader.chunks()) {
      if (!chunk.ok) return fail(chunk.error.what);
      loader.push(chunk.value);
      doneBytes += chunk.value.length;
      yield { doneBytes, totalBytes };
    }
    return ok(loader.finish());
  } catch (failure) {
    if (!(failure instanceof MalformedInput)) throw failure;
    return fail(failure.message);
  }
}
