import { describe, expect, it } from 'vitest';
import { SimDisk } from '../sim/disk.ts';
import { createSeededRandom } from '../sim/random.ts';
import { Scheduler } from '../sim/scheduler.ts';
import { identityFile, initialise, readIdentity } from './identity.ts';
import { identity } from './testing/log-on-disk.ts';
import { openWal } from './wal.ts';

function emptyDisk() {
  const disk = new SimDisk({ scheduler: new Scheduler(), random: createSeededRandom('identity') });
  return disk.open((callback) => callback());
}

describe('a data directory', () => {
  it('is refused before it was initialised: nothing on disk is not new', () => {
    expect(openWal(emptyDisk(), identity)).toMatchObject({ ok: false, error: { code: 'notInitialised' } });
  });

  it('tells whose it is once initialised', () => {
    const disk = emptyDisk();
    expect(initialise(disk, identity)).toEqual({ ok: true, value: null });
    expect(readIdentity(disk)).toEqual({ ok: true, value: identity });
  });

  it('is not initialised over anything that is there', () => {
    const disk = emptyDisk();
    disk.replace('notes.txt', new Uint8Array(1));
    expect(initialise(disk, identity)).toMatchObject({ ok: false, error: { code: 'alreadyInitialised' } });
    const twice = emptyDisk();
    initialise(twice, identity);
    expect(initialise(twice, identity)).toMatchObject({ ok: false, error: { code: 'alreadyInitialised' } });
  });

  it('is refused when any byte of its identity is changed or missing', () => {
    const disk = emptyDisk();
    initialise(disk, identity);
    const whole = disk.read(identityFile, { offset: 0, length: disk.sizeBytes(identityFile) });
    for (let at = 0; at < whole.length; at += 1) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      disk.replace(identityFile, changed);
      expect(readIdentity(disk)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      disk.replace(identityFile, whole.slice(0, at));
      expect(readIdentity(disk)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    }
  });
});
