import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../base/entry.ts';
import { walSegmentBytesMax } from '../base/limits.ts';
import type { PersistBatch } from '../ports/consensus.ts';
import { type Disk, DiskFailure } from '../ports/disk.ts';
import { openWal } from './open.ts';
import { batch, entry, identity, TestDirectory, textOf } from './testing/directory.ts';

describe('the write-ahead log', () => {
  it('gives back what was appended, with a new life each time it is opened', () => {
    const directory = TestDirectory.create();
    const first = directory.opened();
    expect({ life: first.life, restored: first.restored, cut: first.cut }).toEqual({
      life: 1,
      restored: {
        hardState: null,
        base: { index: 0, term: 0 },
        entries: [],
        snapshot: null,
        votingBound: null,
      },
      cut: null,
    });
    directory.append(first.wal, batch([entry(1, 'a'), entry(2, 'b')], 'vote 1'));
    directory.append(first.wal, batch([entry(3, 'c')]), batch([], 'vote 2'));
    const second = directory.opened();
    expect(second.life).toBe(2);
    expect(textOf(second.restored)).toBe(
      textOf(batch([entry(1, 'a'), entry(2, 'b'), entry(3, 'c')], 'vote 2')),
    );
    expect(directory.opened().life).toBe(3);
  });

  it('replaces a suffix when an entry comes again', () => {
    const directory = TestDirectory.create();
    const { wal } = directory.opened();
    directory.append(wal, batch([entry(1, 'a'), entry(2, 'b'), entry(3, 'c')]));
    directory.append(wal, batch([entry(2, 'other', 2)]));
    expect(textOf(directory.opened().restored)).toBe(textOf(batch([entry(1, 'a'), entry(2, 'other', 2)])));
  });

  it('makes any number of batches durable with one write and one sync', () => {
    const directory = TestDirectory.create();
    const calls: number[] = [];
    const opened = openWal(counting(directory.disk(), calls), identity);
    if (!opened.ok) throw new Error(opened.error.what);
    const batches = Array.from({ length: 50 }, (_, at) => batch([entry(at + 1, 'x')], `vote ${at}`));
    directory.append(opened.value.wal, ...batches);
    expect(calls).toEqual([1]);
    expect(directory.opened().restored.entries).toHaveLength(50);
  });

  it('begins a new segment past its bound, and reads on across segments', () => {
    const directory = TestDirectory.create();
    const { wal } = directory.opened();
    const half = new Uint8Array(walSegmentBytesMax / 2).fill(7);
    const large = (index: number): Entry => ({ ...entry(index, ''), payload: half });
    directory.append(wal, batch([large(1)], 'vote'));
    directory.append(wal, batch([large(2)]));
    directory.append(wal, batch([entry(3, 'in the next segment')]));
    expect([...directory.files().keys()].filter((path) => path.startsWith('log/'))).toEqual([
      'log/000000000001.wal',
      'log/000000000002.wal',
      'log/000000000003.wal',
    ]);
    const { restored } = directory.opened();
    expect(restored.entries.map(({ index, payload }) => [index, payload.length])).toEqual([
      [1, half.length],
      [2, half.length],
      [3, 'in the next segment'.length],
    ]);
    expect(restored.hardState).toEqual(batch([], 'vote').hardState);
  });

  it('makes durable, when opened, what a killed process had written and not synced', () => {
    for (let run = 0; run < 20; run += 1) {
      const directory = TestDirectory.create(`run ${run}`);
      const { wal } = directory.opened();
      wal.append([batch([entry(1, 'written, not synced')])], () => undefined);
      const seen = textOf(directory.opened().restored); // the kernel still has it: the process was killed, not the machine
      expect(seen).toBe(textOf(batch([entry(1, 'written, not synced')])));
      directory.crash();
      expect(textOf(directory.opened().restored)).toBe(seen);
    }
  });

  it('answers with an error when the disk refuses while it is opened', () => {
    const disk = TestDirectory.create().disk();
    const full = {
      ...disk,
      replace: (path: string) => {
        throw new DiskFailure('noSpace', path, 'no space left');
      },
    };
    expect(openWal(full, identity)).toMatchObject({ ok: false, error: { code: 'noSpace' } });
  });
});

describe('the write-ahead log against a model', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('append' as const), back: fc.nat(3), count: fc.nat(4) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('vote' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('powerCut' as const), count: fc.nat(4) }) },
  );

  it('keeps everything acknowledged, and of an unfinished append all, its vote or nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.string(), (steps, seed) => {
        const directory = TestDirectory.create(seed);
        let model = batch([]);
        let { wal } = directory.opened();
        for (const [at, action] of steps.entries()) {
          if (action.kind === 'append' || action.kind === 'vote') {
            const back = action.kind === 'append' ? action.back : 0;
            const count = action.kind === 'append' ? action.count : 0;
            const added = draw(model, { at, back, count });
            directory.append(wal, added);
            model = merge(model, added);
            continue;
          }
          const added = draw(model, { at, back: 0, count: action.kind === 'powerCut' ? action.count : 0 });
          if (action.kind === 'close') wal.close();
          if (action.kind === 'powerCut') {
            wal.append([added], () => undefined);
            directory.crash();
          }
          const opened = directory.opened();
          wal = opened.wal;
          const found = textOf(opened.restored);
          const voted = merge(model, { ...added, entries: [] });
          const allowed = action.kind === 'powerCut' ? [model, voted, merge(model, added)] : [model];
          expect(allowed.map((state) => textOf(state))).toContain(found);
          model = allowed.find((state) => textOf(state) === found) ?? model;
        }
        expect(textOf(directory.opened().restored)).toBe(textOf(model));
      }),
      { numRuns: 200 },
    );
  });
});

function draw(
  model: PersistBatch,
  { at, back, count }: { readonly at: number; readonly back: number; readonly count: number },
): PersistBatch {
  const first = Math.max(1, model.entries.length + 1 - back);
  const entries = Array.from({ length: count }, (_, n) => entry(first + n, `step ${at}`, at));
  return batch(entries, count % 2 === 0 ? `vote ${at}` : null);
}

function merge(model: PersistBatch, added: PersistBatch): PersistBatch {
  const from = added.entries[0]?.index ?? model.entries.length + 1;
  return {
    hardState: added.hardState ?? model.hardState,
    entries: [...model.entries.slice(0, from - 1), ...added.entries],
  };
}

/** Notes the number of chunks of every append; each append is one write and one sync. */
function counting(disk: Disk, calls: number[]): Disk {
  return {
    ...disk,
    openAppend: (path) => {
      const file = disk.openAppend(path);
      return {
        append: (chunks, done) => {
          calls.push(chunks.length);
          file.append(chunks, done);
        },
        close: () => file.close(),
      };
    },
  };
}
