import { describe, expect, it } from 'vitest';
import { zxid } from '../base/ids.ts';
import type { PersistBatch } from '../ports/consensus.ts';
import type { DiskFailure, DiskFailureCode } from '../ports/disk.ts';
import { batch, entry, TestDirectory, textOf } from './testing/directory.ts';
import { failingDisk, type Trouble } from './testing/failing-disk.ts';
import { Ledger } from './testing/ledger.ts';
import { pointOf, takeSnapshot, write } from './testing/scenario.ts';
import type { Wal } from './wal.ts';

interface Troubled {
  readonly directory: TestDirectory;
  readonly ledger: Ledger;
  readonly trouble: Trouble;
  readonly wal: Wal;
}

/** A log of two entries on a disk that can be told to fail. */
function troubled(): Troubled {
  const directory = TestDirectory.create();
  const trouble: Trouble = { code: null };
  directory.through((disk) => failingDisk(disk, trouble));
  const ledger = new Ledger();
  const { wal } = directory.opened();
  write(directory, ledger, wal, batch([entry(1, 'one'), entry(2, 'two')], 'vote A'));
  return { directory, ledger, trouble, wal };
}

function attempt({ directory, wal }: Troubled, added: PersistBatch): DiskFailure | null {
  let answer: DiskFailure | null | undefined;
  wal.append([added], (failure) => {
    answer = failure;
  });
  directory.settle();
  if (answer === undefined) throw new Error('the append was not answered');
  return answer;
}

describe.each<DiskFailureCode>(['noSpace', 'ioError'])('a disk that fails with %s', (code) => {
  const added = batch([entry(3, 'three')], 'vote B');

  it('is told to the caller, and nothing is taken until the log was reopened', () => {
    const member = troubled();
    member.trouble.code = code;
    expect(attempt(member, added)).toMatchObject({ code });
    expect(() => member.wal.append([added], () => undefined)).toThrow('none after a failure');
    expect(member.wal.reopen()).toMatchObject({ code });
    member.trouble.code = null;
    expect(member.wal.reopen()).toBeNull();
    write(member.directory, member.ledger, member.wal, added);
    const { restored, damage } = member.directory.opened();
    expect(damage).toBeNull();
    member.ledger.check(restored);
  });

  it('loses nothing that was acknowledged when the member ends meanwhile', () => {
    const member = troubled();
    member.trouble.code = code;
    member.ledger.intend(added);
    attempt(member, added);
    member.wal.reopen();
    member.trouble.code = null;
    const { restored, damage } = member.directory.opened();
    expect(damage).toBeNull();
    member.ledger.check(restored);
  });

  it('may fail again and again, and what it left behind never counts', () => {
    const member = troubled();
    for (let round = 0; round < 3; round += 1) {
      member.trouble.code = code;
      expect(attempt(member, batch([entry(3, `never acknowledged ${round}`)]))).not.toBeNull();
      member.trouble.code = null;
      expect(member.wal.reopen()).toBeNull();
    }
    write(member.directory, member.ledger, member.wal, batch([entry(3, 'three')]));
    const { restored } = member.directory.opened();
    expect(textOf(restored)).toBe(
      textOf(batch([entry(1, 'one'), entry(2, 'two'), entry(3, 'three')], 'vote A')),
    );
  });

  it('does not acknowledge a vote whose second copy could not be written', () => {
    const member = troubled();
    member.trouble.recordsOnly = true;
    member.trouble.code = code;
    const path = expect.stringMatching(/^hard-state\.[12]$/);
    for (let round = 0; round < 3; round += 1) {
      expect(attempt(member, batch([], 'vote B'))).toMatchObject({ code, path });
      expect(member.wal.reopen()).toBeNull();
    }
    member.trouble.code = null;
    write(member.directory, member.ledger, member.wal, batch([], 'vote B'));
    member.ledger.check(member.directory.opened().restored);
  });

  it('gives up a snapshot that it cannot take, and keeps the log as it is', () => {
    const member = troubled();
    const { directory, ledger, trouble } = member;
    const { snapshots, wal } = directory.opened();
    const writer = snapshots.create({ ...pointOf(ledger, 2), zxid: zxid(2), digest: 'd'.repeat(16) });
    trouble.code = code;
    const answers: (DiskFailure | null)[] = [];
    writer.append(new Uint8Array(100), (failure) => answers.push(failure));
    directory.settle();
    trouble.code = null;
    expect(answers).toMatchObject([{ code }]);
    expect(snapshots.list()).toEqual([]);
    takeSnapshot(directory, snapshots, pointOf(ledger, 2));
    write(directory, ledger, wal, batch([entry(3, 'three')]));
    ledger.check(directory.opened().restored);
  });
});
