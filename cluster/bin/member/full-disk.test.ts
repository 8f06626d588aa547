import { describe, expect, it } from 'vitest';
import { ok, type Result } from '../../base/result.ts';
import { noDiskFaults, wrapDisk } from '../../fault/disk-faults.ts';
import { SimClock, WallTime } from '../../sim/clock.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { type OpenedWal, openWal } from '../../wal/open.ts';
import { identity, TestDirectory } from '../../wal/testing/directory.ts';
import { memberExitCodes } from './exit-codes.ts';
import { whenThereIsRoom } from './full-disk.ts';
import { dataRefused, type Refusal } from './refusal.ts';

/** A start of member 3 on a disk without room, which has some again after so long. */
async function startOnFullDisk(roomAfterMs: number) {
  const scheduler = new Scheduler();
  const clock = new SimClock(scheduler, new WallTime(scheduler));
  const { disk, setFaults } = wrapDisk(TestDirectory.create().disk(), clock);
  setFaults({ ...noDiskFaults, freeBytes: 0 });
  clock.after(roomAfterMs, () => setFaults(noDiskFaults));
  const told: unknown[] = [];
  let attempts = 0;
  const open = async (): Promise<Result<OpenedWal, Refusal>> => {
    attempts += 1;
    const opened = openWal(disk, identity);
    return opened.ok ? ok(opened.value) : { ok: false, error: dataRefused('/data/3', opened.error) };
  };
  let ended: Result<OpenedWal, Refusal> | null = null;
  const trace = { emit: (level: string, event: string) => void told.push([level, event]) };
  const starting = whenThereIsRoom(open, { clock, trace, member: 3 }).then((result) => {
    ended = result;
  });
  while (ended === null) {
    await new Promise((settle) => setImmediate(settle));
    if (ended === null) scheduler.runNext(Number.POSITIVE_INFINITY);
  }
  await starting;
  return { ended: ended as Result<OpenedWal, Refusal>, told, attempts, nowMs: scheduler.nowMs };
}

describe('a start on a full disk', () => {
  it('goes on as soon as there is room, and says both', async () => {
    const { ended, told } = await startOnFullDisk(5_000);
    expect(ended).toMatchObject({ ok: true, value: { damage: null } });
    expect(told).toEqual([
      ['error', 'diskFull'],
      ['info', 'diskRecovered'],
    ]);
  });

  it('refuses within the time that who asked waits, saying what to do', async () => {
    const { ended, told, attempts, nowMs } = await startOnFullDisk(60_000);
    expect(ended).toMatchObject({
      ok: false,
      error: { exitCode: memberExitCodes.diskFailed, reason: { code: 'noSpace' } },
    });
    if (ended.ok) return;
    expect(ended.error.reason.what).toMatch(/^The disk is full: .* It stayed so for 10 s\.$/);
    expect(ended.error.reason.todo).toContain('`muster start 3`');
    expect([nowMs, attempts, told]).toEqual([10_000, 11, [['error', 'diskFull']]]);
  });

  it('is not repeated for any other reason', async () => {
    const told: unknown[] = [];
    const scheduler = new Scheduler();
    const clock = new SimClock(scheduler, new WallTime(scheduler));
    const trace = { emit: (...line: readonly unknown[]) => void told.push(line) };
    const opened = openWal(new TestDirectory().disk(), identity);
    const refused = { ok: false, error: dataRefused('/data/3', opened.ok ? never() : opened.error) } as const;
    expect(await whenThereIsRoom(async () => refused, { clock, trace, member: 3 })).toBe(refused);
    expect(told).toEqual([]);
  });
});

function never(): never {
  throw new Error('an empty directory was opened');
}
