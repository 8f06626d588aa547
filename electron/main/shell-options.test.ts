import { expect, it } from 'vitest';
import { parseShellOptions } from './shell-options.ts';

it('takes the options of muster up, and leaves the rest to the command line or to Chromium', () => {
  const args = [
    '--members',
    '5',
    '--data=/tmp/x',
    '--client-port',
    '0',
    '--console-port',
    '8080',
    '--lang=de',
  ];
  expect(parseShellOptions(args)).toEqual({
    ok: true,
    value: { dataFolder: '/tmp/x', members: 5, clientPort: 0, consolePort: 8080 },
  });
});

it('has a default for each', () => {
  expect(parseShellOptions([])).toEqual({
    ok: true,
    value: { dataFolder: null, members: null, clientPort: null, consolePort: 0 },
  });
});

it.each([
  [['--members', '4']],
  [['--members', '0']],
  [['--members', '9']],
  [['--members']],
  [['--client-port', '65536']],
  [['--console-port=-1']],
  [['--data']],
])('refuses %j', (args) => {
  expect(parseShellOptions(args).ok).toBe(false);
});
