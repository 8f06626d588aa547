// The console in Chromium against a scripted server: what it looks like, whether everyone can use it, and its keys.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { repositoryRoot } from '../build/make.js';
import { closeCodes, socketPath } from '../cluster/api/messages.ts';
import { createStaticFiles } from '../cluster/console/static-files.ts';
import { ScriptedServer, scriptedToken } from './bridge/testing/scripted-server.ts';
import { sampleEntry, sampleMember, samplePage, sampleReport } from './store/testing/samples.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const args =
  '--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run --disable-quic';
const axe = readFileSync(join(repositoryRoot, 'node_modules/axe-core/axe.min.js'), 'utf8');
const screenshots = join(repositoryRoot, 'screenshots');

const large = { width: 1440, height: 900 };
const small = { width: 1024, height: 700 };
const screens = { overview: '#/overview', znodes: '#/znodes/app/config', log: '#/log?index=91' } as const;
const variants = [
  { name: 'light-en', options: { colorScheme: 'light', locale: 'en-US' } },
  { name: 'light-zh', options: { colorScheme: 'light', locale: 'zh-CN' } },
  { name: 'dark-en', options: { colorScheme: 'dark', locale: 'en-US' } },
  { name: 'dark-zh', options: { colorScheme: 'dark', locale: 'zh-CN' } },
] as const;

let browser: Browser;
let http: Server;
let sockets: WebSocketServer;
let origin: string;
let server: ScriptedServer;
/** Whether the server plays one that has stopped. */
let stopped: boolean;
let complaints: string[];

async function listen(): Promise<void> {
  let port = 0;
  http = createServer(
    createStaticFiles({ assetsFolder: join(repositoryRoot, 'dist/renderer'), port: () => port }),
  );
  sockets = new WebSocketServer({ server: http, path: socketPath });
  sockets.on('connection', (socket) => {
    if (stopped) return socket.close(closeCodes.closing);
    const connection = server.accept({
      send: (text) => socket.send(text),
      close: (code) => socket.close(code),
    });
    socket.on('message', (data) => connection.received(String(data)));
    socket.on('close', () => connection.closed());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  port = (http.address() as AddressInfo).port;
  origin = `http://127.0.0.1:${port}`;
}

function script(): ScriptedServer {
  const scripted = new ScriptedServer();
  scripted.now = Date.now;
  const members = [1, 2, 3].map((id) => sampleMember(id, { reportedAtMs: Date.now() + 3_600_000 }));
  const { health } = scripted.ensemble;
  scripted.publish({ members, health: { ...health, sinceMs: Date.now() - 14_000 } });
  scripted.events = scripted.events.map((event) => ({ ...event, atMs: Date.now() }));
  scripted.znodes.write('/app', '{"name":"orders","replicas":3}');
  scripted.znodes.write('/app/config', 'timeout=30\nretries=5\n');
  scripted.znodes.write('/app/leader', '10.0.0.4:8080', { ephemeralOwner: '8589934592' });
  scripted.znodes.write('/services', '');
  return scripted;
}

async function open(hash: string, options: BrowserContextOptions = {}, token = scriptedToken): Promise<Page> {
  const context = await browser.newContext({ viewport: large, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${origin}/#token=${token}`);
  if (token === scriptedToken) {
    await page.waitForSelector('main');
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await page.waitForTimeout(300);
  }
  return page;
}

/** What axe finds that keeps someone from using the screen, WCAG 2.2 AA. */
async function obstacles(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    Reflect.get(globalThis, 'axe').run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  const { violations } = found as {
    violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
    );
}

/** The name of what has the focus. */
function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.id ?? element?.tagName;
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

describe.skipIf(!existsSync(executablePath))('the console in Chromium', () => {
  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    server = script();
    await listen();
    browser = await chromium.launch({ executablePath, args: args.split(' ') });
  });

  afterAll(async () => {
    await browser?.close();
    for (const client of sockets.clients) client.terminate();
    http.close();
  });

  beforeEach(() => {
    server = script();
    stopped = false;
    complaints = [];
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints).toEqual([]);
  });

  for (const { name, options } of variants) {
    for (const [screen, hash] of Object.entries(screens)) {
      it(`shows ${screen} in ${name} without an obstacle, at both sizes`, async () => {
        const page = await open(hash, options);
        await shoot(page, `${screen}-${name}-1440`);
        expect(await obstacles(page)).toEqual([]);
        await page.setViewportSize(small);
        await page.waitForTimeout(150);
        await shoot(page, `${screen}-${name}-1024`);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBe(0);
      });
    }
  }

  it('would notice an obstacle: a button without a name', async () => {
    const page = await open('#/overview');
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
    expect(await obstacles(page)).toEqual([expect.stringContaining('button-name')]);
  });

  it('draws every condition of a member and a one-way cut so that each can be told from the others', async () => {
    const future = Date.now() + 3_600_000;
    const running = (id: number, change = {}) => sampleMember(id, { reportedAtMs: future, ...change });
    server.publish({
      members: [
        running(1, { process: { kind: 'crashed', exitCode: null, signal: 'SIGKILL', reason: null } }),
        running(2, { blocked: { to: [4], from: [] } }),
        running(3, { process: { kind: 'paused', pid: 4_703 } }),
        running(4, { report: sampleReport({ applied: 90, term: 2 }) }),
        sampleMember(5, { reportedAtMs: Date.now() - 12_000 }),
        running(6, { process: { kind: 'stopped' } }),
        running(7, { report: sampleReport({ role: 'candidate', term: 4, leader: null, votedFor: 7 }) }),
      ],
      health: {
        level: 'noQuorum',
        working: 2,
        total: 7,
        tolerance: 0,
        sinceMs: Date.now() - 14_000,
        reasons: [{ kind: 'noQuorum', working: 2, needed: 4 }],
      },
    });
    for (const { name, options } of [variants[0], variants[3]]) {
      const page = await open('#/overview', options);
      await shoot(page, `conditions-${name}`);
      expect(await obstacles(page)).toEqual([]);
    }
  });

  it('opens its menus, dialogs and panels without an obstacle', async () => {
    const page = await open('#/overview', variants[2].options);
    await page.getByRole('button', { name: 'Member 2: Leader' }).click();
    expect(await obstacles(page)).toEqual([]);
    await page.getByRole('menuitem', { name: /Kill/ }).click();
    await page.getByRole('dialog').waitFor();
    await shoot(page, 'confirm-dark-en');
    expect(await obstacles(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Member 2: Leader');
    await page.getByRole('button', { name: /Healthy/ }).click();
    expect(await obstacles(page)).toEqual([]);
  });

  it('goes everywhere by keyboard', async () => {
    const page = await open('#/overview');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the main content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('g');
    await page.keyboard.press('z');
    await page.waitForURL('**/#/znodes');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForURL('**/#/log');
    await page.goBack();
    await page.waitForURL('**/#/znodes');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('scrolls through a hundred thousand children, loading those in sight', async () => {
    server.znodes.fill('/services', 100_000);
    const page = await open('#/znodes/services/n0000000');
    const tree = page.getByRole('tree');
    await tree.getByRole('treeitem', { name: 'n0000000' }).waitFor();
    await tree.focus();
    await page.keyboard.press('End');
    await tree.getByRole('treeitem', { name: 'n0099999' }).waitFor();
    await page.getByText(/of 100,000 children loaded/).waitFor();
    expect(await tree.getByRole('treeitem').count()).toBeLessThan(80);
  });

  it('stays at the newest entries of the log while it follows', async () => {
    const page = await open('#/log');
    await page.getByRole('rowheader', { name: '120' }).waitFor();
    const entries = Array.from({ length: 40 }, (_, at) => sampleEntry(121 + at));
    server.logs = [1, 2, 3].map((id) => samplePage(id, { last: 160, commit: 158, applied: 158, entries }));
    server.publish();
    await page.getByRole('rowheader', { name: '160' }).waitFor();
  });

  it('says what it no longer knows when the server goes, and how to get in with a wrong token', async () => {
    const page = await open('#/overview');
    stopped = true;
    server.hangUp();
    await page.getByText(/The instance stopped/).waitFor();
    await page.waitForTimeout(3_000);
    await shoot(page, 'disconnected-light-en');
    expect(await obstacles(page)).toEqual([]);
    stopped = false;
    const stranger = await open('', {}, 'a token of another run');
    await stranger.getByRole('heading', { name: 'This token belongs to another run' }).waitFor();
    await shoot(stranger, 'refused-light-en');
    expect(await obstacles(stranger)).toEqual([]);
  });
});
