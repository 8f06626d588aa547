/**
 * A member that runs waits for a full disk as long as it takes. One that starts cannot: it must begin a
 * segment of its log before anybody hears of it, and its supervisor waits for it. So it tries again for
 * a while, and then says what is missing.
 */
import { fail, type Result } from '../../base/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Trace } from '../../ports/trace.ts';
import { type Refusal, stillFull } from './refusal.ts';

/**
 * How long a start waits for room, in milliseconds: within the supervisor's 30 s for a start, and the 15 s
 * after which `muster start` gives up on an answer, so that who asked is told the reason.
 */
const patienceMs = 10_000;
/** Every attempt reads the log again. */
const retryMs = 1_000;

/** Attempts a start, again while the disk is full, until the patience is over. */
export async function whenThereIsRoom<Value>(
  attempt: () => Promise<Result<Value, Refusal>>,
  { clock, trace, member }: { readonly clock: Clock; readonly trace: Trace; readonly member: number },
): Promise<Result<Value, Refusal>> {
  const sinceMs = clock.monotonicMs();
  for (let attempts = 1; ; attempts += 1) {
    const tried = await attempt();
    const waitedMs = clock.monotonicMs() - sinceMs;
    if (tried.ok || tried.error.reason.code !== 'noSpace') {
      if (attempts > 1 && tried.ok) trace.emit('info', 'diskRecovered', { troubledMs: waitedMs });
      return tried;
    }
    if (waitedMs >= patienceMs) return fail(stillFull(tried.error, { member, waitedMs }));
    if (attempts === 1) {
      const { what } = tried.error.reason;
      trace.emit('error', 'diskFull', { reason: what, starting: true, waitingMs: patienceMs });
    }
    await new Promise<void>((settle) => void clock.after(retryMs, settle));
  }
}
