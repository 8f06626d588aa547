// The console in Chromium on a real ensemble: a leader is killed from the screen, and the screen tells what follows.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../build/make.js';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const args =
  '--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run --disable-quic';

let folder: string;
let instance: ChildProcess;
let browser: Browser;
let page: Page;

/** Starts an instance of its own and answers the address of its console. */
async function up(): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), 'muster-console-'));
  const program = join(repositoryRoot, 'dist/node/muster.js');
  const flags = ['up', '--no-open', '--json', '--client-port', '0', '--data', join(folder, 'data')];
  instance = spawn(process.execPath, [program, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MUSTER_HOME: folder },
  });
  if (instance.stdout === null) throw new Error('no standard output');
  for await (const line of createInterface(instance.stdout)) return JSON.parse(line).console;
  throw new Error('the instance ended before it was ready');
}

async function down(): Promise<void> {
  if (instance.exitCode !== null) return;
  const ended = new Promise((resolve) => instance.once('exit', resolve));
  instance.kill('SIGTERM');
  await ended;
}

const health = (sentence: RegExp) => page.locator('header').getByRole('button', { name: sentence });
const leader = () => page.getByRole('button', { name: /^Member \d: Leader$/ });

describe.skipIf(!existsSync(executablePath))('the console on a real ensemble', () => {
  beforeAll(async () => {
    const address = await up();
    browser = await chromium.launch({ executablePath, args: args.split(' ') });
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(address);
  });

  afterAll(async () => {
    await browser?.close();
    await down();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows it healthy, and keeps the token out of the address', async () => {
    await health(/Healthy: 3 of 3, can lose 1/).waitFor();
    await leader().waitFor();
    expect(page.url()).not.toContain('token');
  });

  it('creates a znode and shows it in the tree and in the log', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('z');
    await page.getByRole('button', { name: 'Create child' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('example');
    await page.getByRole('textbox', { name: 'Data as text' }).fill('hello world');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('treeitem', { name: 'example' }).waitFor();
    await page.getByText('hello world').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Log' }).click();
    await page.getByRole('row', { name: /Create \/example/ }).waitFor();
  });

  it('writes over the version it read, and keeps an edit that came too late', async () => {
    await page.evaluate(() => {
      location.hash = '#/znodes/example';
    });
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'New data as text' }).fill('hello zookeeper');
    await page.getByRole('button', { name: 'Review change' }).click();
    await page.getByRole('button', { name: 'Write if still version 0' }).click();
    await page.getByText('hello zookeeper').waitFor();
  });

  it('kills the leader, shows its successor, and starts it again', async () => {
    await page.getByRole('link', { name: 'Overview' }).click();
    const name = (await leader().getAttribute('aria-label')) ?? '';
    const id = Number(/\d/.exec(name)?.[0]);
    await leader().click();
    await page.getByRole('menuitem', { name: /Kill/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Kill (-9)' }).click();
    await page.getByRole('button', { name: `Member ${id}: Crashed` }).waitFor();
    await health(/Degraded: 2 of 3, can lose 0/).waitFor();
    await leader().waitFor();
    expect(await leader().getAttribute('aria-label')).not.toBe(name);
    await page.getByRole('log').getByText(`Member ${id} was killed`).waitFor();

    await page.getByRole('button', { name: `Actions for member ${id}` }).click();
    await page.getByRole('menuitem', { name: /^Start/ }).click();
    await health(/Healthy: 3 of 3/).waitFor();
  });

  it('cuts the leader off, and heals', async () => {
    await page.getByRole('button', { name: 'Leader alone' }).click();
    await page.getByRole('button', { name: 'Cut', exact: true }).click();
    await health(/Degraded/).waitFor();
    await page.getByRole('button', { name: 'Heal everything' }).click();
    await health(/Healthy: 3 of 3/).waitFor();
  });

  it('says that the instance stopped', async () => {
    await down();
    await page.getByText(/The instance stopped/).waitFor();
  });
});
