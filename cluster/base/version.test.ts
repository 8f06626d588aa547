import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { musterVersion } from './version.ts';

it('tells the version that the package has', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: musterVersion });
});
