// The desktop shell end to end, where an Electron binary can run. Elsewhere vitest.config.ts leaves this file out, and
// build/test.js says in a line of its own that it was not run.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findElectron, ownSurroundings } from '../build/electron-binary.js';
import { repositoryRoot } from '../build/make.js';

const launchTimeoutMs = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'muster-shell-'));
const instances = join(folder, 'home', 'instances');
let shell: ElectronApplication;
let page: Page;

beforeAll(async () => {
  const electron = findElectron(ownSurroundings(repositoryRoot));
  if (electron.kind === 'missing') throw new Error(electron.why);
  shell = await _electron.launch({
    executablePath: electron.file,
    args: [
      join(repositoryRoot, 'dist/electron/main.js'),
      '--client-port',
      '0',
      `--user-data-dir=${folder}/user`,
    ],
    env: { ...process.env, MUSTER_HOME: join(folder, 'home') },
    timeout: launchTimeoutMs,
  });
  page = await shell.firstWindow({ timeout: launchTimeoutMs });
}, launchTimeoutMs);

afterAll(async () => {
  await shell?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('shows the console of an ensemble of its own', async () => {
  expect(await page.title()).toContain('Muster');
  expect(new URL(page.url()).hostname).toBe('127.0.0.1');
  expect(readdirSync(instances)).toHaveLength(1);
});

it('gives the page the bridge and nothing of Node or Electron', async () => {
  const seen = await page.evaluate(() => ({
    bridge: Object.keys(Reflect.get(globalThis, 'musterDesktop')).sort(),
    leaked: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis),
  }));
  expect(seen).toEqual({
    bridge: ['electronVersion', 'notify', 'openDataFolder', 'platform'],
    leaked: [],
  });
});

it('answers a request that is not of the contract with a refusal', async () => {
  const answer = await page.evaluate(() =>
    Reflect.get(globalThis, 'musterDesktop').notify({ title: '', body: '' }),
  );
  expect(answer).toMatchObject({ ok: false });
});

it('opens no window and leaves the console for no address', async () => {
  const before = page.url();
  expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
  await page.evaluate(() => location.assign('https://example.com/'));
  await page.waitForTimeout(500);
  expect(page.url()).toBe(before);
  expect(shell.windows()).toHaveLength(1);
});

it('stops the members when it quits', async () => {
  const [file = ''] = readdirSync(instances);
  const { pid } = JSON.parse(readFileSync(join(instances, file), 'utf8'));
  expect(pid).toBe(shell.process().pid);
  await shell.close();
  expect(readdirSync(instances)).toEqual([]);
});
