/** The options of `up` that say how the ensemble behaves; what is left out stays as the data folder has it. */
import { type Command, InvalidArgumentError } from 'commander';
import type { SettingsWish } from '../../api/settings.ts';

type OnOff = 'on' | 'off';

/** As commander collects them. */
export interface SettingsOptions {
  readonly elections?: 'automatic' | 'manual';
  readonly preVote?: OnOff;
  readonly checkQuorum?: OnOff;
  readonly linearizableReads?: OnOff;
  readonly slowDisk?: number | null;
  readonly snapshotEvery?: number;
  readonly snapshotsKept?: number;
  readonly logKept?: number;
}

/** Adds the options. They are kept in the data folder, for the next start as well. */
export function withSettingsOptions(command: Command): Command {
  return command
    .option('--elections <how>', 'automatic, or manual: only `muster campaign` elects', parseElections)
    .option('--pre-vote <on|off>', 'ask whether an election could be won before starting one', parseOnOff)
    .option('--check-quorum <on|off>', 'a leader without a majority steps down', parseOnOff)
    .option('--linearizable-reads <on|off>', 'every read as if a sync came before it', parseOnOff)
    .option(
      '--slow-disk <ms|off>',
      'a leader whose fsync p99 stays above this hands over',
      parseMillisecondsOrOff,
    )
    .option('--snapshot-every <entries>', 'entries between two snapshots, from 100', parseCount(100))
    .option('--snapshots-kept <count>', 'snapshots kept, from 1', parseCount(1))
    .option('--log-kept <entries>', 'entries kept in the log behind a snapshot', parseCount(0));
}

export function settingsWish(options: SettingsOptions): SettingsWish {
  const { elections, preVote, checkQuorum, linearizableReads, slowDisk } = options;
  const { snapshotEvery, snapshotsKept, logKept } = options;
  return {
    ...(elections === undefined ? {} : { elections }),
    ...(preVote === undefined ? {} : { preVote }),
    ...(checkQuorum === undefined ? {} : { checkQuorum }),
    ...(linearizableReads === undefined ? {} : { linearizableReads }),
    ...(slowDisk === undefined ? {} : { slowDiskMs: slowDisk }),
    snapshots: {
      ...(snapshotEvery === undefined ? {} : { everyEntries: snapshotEvery }),
      ...(snapshotsKept === undefined ? {} : { kept: snapshotsKept }),
      ...(logKept === undefined ? {} : { logEntriesKept: logKept }),
    },
  };
}

function parseElections(text: string): 'automatic' | 'manual' {
  if (text === 'automatic' || text === 'manual') return text;
  throw new InvalidArgumentError('Elections are "automatic" or "manual".');
}

function parseOnOff(text: string): OnOff {
  if (text === 'on' || text === 'off') return text;
  throw new InvalidArgumentError('It is "on" or "off".');
}

function parseMillisecondsOrOff(text: string): number | null {
  if (text === 'off') return null;
  const value = Number(text);
  if (/^[0-9]+(\.[0-9]+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('It is a number of milliseconds, or "off".');
}

function parseCount(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[0-9]{1,9}$/.test(text) && value >= least) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least}.`);
  };
}
