import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConsole } from '../bridge/console.ts';
import { ManualSurroundings } from '../bridge/testing/manual-surroundings.ts';
import { ScriptedServer, scriptedToken } from '../bridge/testing/scripted-server.ts';
import { initialPreferences } from '../store/preferences.ts';
import { initialState } from '../store/state.ts';
import { createStore } from '../store/store.ts';
import { noon, sampleMember } from '../store/testing/samples.ts';
import { App } from './app.tsx';

let server: ScriptedServer;
let surroundings: ManualSurroundings;
let stop: () => void;

beforeEach(() => {
  server = new ScriptedServer();
  surroundings = new ManualSurroundings(server);
  location.hash = '';
  localStorage.clear();
  // happy-dom lays nothing out: virtual lists and the picture are told that there is room.
  globalThis.ResizeObserver = RoomyResizeObserver;
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 800 });
});

class RoomyResizeObserver implements ResizeObserver {
  readonly #callback: ResizeObserverCallback;

  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }

  observe(target: Element): void {
    const contentRect = { width: 800, height: 600 } as DOMRectReadOnly;
    const size = [{ inlineSize: 800, blockSize: 600 }];
    const entry = {
      target,
      contentRect,
      borderBoxSize: size,
      contentBoxSize: size,
      devicePixelContentBoxSize: size,
    };
    this.#callback([entry], this);
  }

  unobserve(): void {
    this.disconnect();
  }

  disconnect(): undefined {
    return undefined;
  }
}

afterEach(() => {
  cleanup();
  stop();
});

async function open(hash = '', token: string | null = scriptedToken): Promise<void> {
  location.hash = hash;
  const store = createStore(initialState(initialPreferences('en', 'light'), noon));
  const opened = openConsole({ store, token, surroundings });
  stop = opened.stop;
  render(<App store={store} operations={opened.operations} />);
  await pass(0);
}

/** Lets time pass, and React draw what came of it. */
async function pass(spanMs: number): Promise<void> {
  await act(() => surroundings.pass(spanMs));
}

/** Does something on the server's side, and draws what came of it. */
async function play(run: () => void): Promise<void> {
  run();
  await pass(0);
}

async function click(name: string | RegExp, role = 'button', within_ = screen): Promise<void> {
  fireEvent.click(within_.getByRole(role, { name }));
  await pass(0);
}

describe('the frame', () => {
  it('says how the ensemble is, and where the leader is', async () => {
    await open();
    screen.getByRole('button', { name: /Healthy: 3 of 3, can lose 1/ });
    screen.getByRole('button', { name: 'Member 2: Leader' });
    screen.getByRole('button', { name: 'Member 1: Follower' });
  });

  it('counts how long writes have been refused', async () => {
    await open();
    const { health } = server.ensemble;
    await play(() =>
      server.publish({ leader: null, health: { ...health, level: 'noQuorum', working: 1, sinceMs: noon } }),
    );
    await pass(14_000);
    screen.getByRole('button', { name: /No quorum: 1 of 3, writes refused for 00:14/ });
  });

  it('changes every word at once when the language is changed', async () => {
    await open();
    fireEvent.pointerDown(screen.getByRole('button', { name: 'Appearance and language' }), {
      button: 0,
      ctrlKey: false,
    });
    await click('简体中文', 'menuitemradio');
    screen.getByRole('button', { name: /健康：3 个成员中 3 个正常/ });
    expect(document.documentElement.lang).toBe('zh-CN');
    expect(JSON.parse(localStorage.getItem('muster.preferences') ?? '{}')).toMatchObject({ language: 'zh' });
  });

  it('shows how old everything is while the server is away, and comes back', async () => {
    await open();
    surroundings.reachable = false;
    await play(() => server.hangUp(1006));
    await pass(12_000);
    screen.getByText(/What is shown is 12 s old/);
    surroundings.reachable = true;
    await pass(5_000);
    screen.getByText('Console connected');
    expect(screen.queryByText(/What is shown/)).toBeNull();
  });

  it('says how to get in when the address lacks its token', async () => {
    await open('', null);
    screen.getByRole('heading', { name: 'This address lacks the token of the run' });
    screen.getByText('npm run -s muster -- status');
  });

  it('filters the timeline by level and by text', async () => {
    await open();
    await play(() =>
      server.happen({ kind: 'memberCrashed', level: 'error', member: 3, facts: { signal: 'SIGKILL' } }),
    );
    const timeline = within(screen.getByRole('log', { name: 'Timeline' }));
    timeline.getByText('Leader 2 elected');
    await click('Errors', 'radio');
    timeline.getByText('Member 3 crashed');
    expect(timeline.queryByText('Leader 2 elected')).toBeNull();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Filter by text' }), {
      target: { value: 'nothing' },
    });
    screen.getByText('No event matches the filter.');
  });
});

describe('the overview', () => {
  it('marks what a silent member said last as old', async () => {
    await open();
    server.ensemble = {
      ...server.ensemble,
      members: [1, 2].map((id) => sampleMember(id, { reportedAtMs: noon + 12_000 })).concat(sampleMember(3)),
    };
    await pass(12_000);
    await play(() => server.publish());
    const row = screen.getByRole('row', { name: /^3 ?:2183/ });
    within(row).getByText('Silent');
    within(row).getByText('12 s ago');
  });

  it('says what killing the leader means, then kills it', async () => {
    await open();
    fireEvent.pointerDown(screen.getByRole('button', { name: 'Member 2: Leader' }), {
      button: 0,
      ctrlKey: false,
    });
    await click(/Kill/, 'menuitem');
    const dialog = within(screen.getByRole('dialog', { name: 'Kill member 2?' }));
    dialog.getByText(/Sends SIGKILL to process 4702/);
    dialog.getByText(/It is the leader/);
    dialog.getByText('Afterwards 2 of 3 work: can lose 0.');
    expect(server.commands.filter(({ name }) => name.startsWith('member.'))).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Kill (-9)' }));
    await pass(0);
    expect(server.commands.at(-1)).toEqual({ name: 'member.kill', input: { member: 2 } });
    screen.getByText('Kill member 2');
  });

  it('cuts the groups that were typed, after showing who keeps the quorum', async () => {
    await open();
    fireEvent.change(screen.getByRole('textbox', { name: 'Groups' }), { target: { value: '2 | 1,3' } });
    screen.getByText('Quorum stays with 1, 3.');
    await click('Cut');
    expect(server.commands.at(-1)).toEqual({ name: 'partition', input: { groups: [[2], [1, 3]] } });
  });

  it('offers to heal everything while a link is cut', async () => {
    await open();
    expect(screen.queryByRole('button', { name: 'Heal everything' })).toBeNull();
    await play(() => server.change(1, { blocked: { to: [2], from: [] } }));
    await click('Heal everything');
    expect(server.commands.at(-1)).toEqual({ name: 'heal', input: {} });
  });
});

describe('znodes', () => {
  beforeEach(() => {
    server.znodes.write('/app', '{"a":1}');
    server.znodes.write('/app/config', 'timeout=30\n');
    server.znodes.write('/app/lock', '', { ephemeralOwner: '8589934592' });
  });

  const tree = () => within(screen.getByRole('tree', { name: 'Tree of znodes' }));

  it('open and close with the arrow keys, and show with Enter', async () => {
    await open('#/znodes');
    const keys = async (...names: string[]) => {
      for (const key of names) {
        fireEvent.keyDown(screen.getByRole('tree'), { key });
        await pass(0);
      }
    };
    expect(tree().queryByRole('treeitem', { name: /config/ })).toBeNull();
    await keys('ArrowDown', 'ArrowRight', 'ArrowDown');
    expect(
      tree()
        .getByRole('treeitem', { name: /config/ })
        .getAttribute('aria-level'),
    ).toBe('3');
    await keys('Enter');
    await waitFor(() => screen.getByText('timeout=30'));
    await keys('ArrowLeft', 'ArrowLeft');
    expect(tree().queryByRole('treeitem', { name: /config/ })).toBeNull();
  });

  it('appear in the tree when somebody else creates them', async () => {
    await open('#/znodes/app');
    await play(() => server.znodes.write('/fresh', ''));
    await pass(0);
    tree().getByRole('treeitem', { name: /fresh/ });
  });

  it('are written only over the version that was read', async () => {
    await open('#/znodes/app/config');
    await click('Edit');
    fireEvent.change(screen.getByRole('textbox', { name: 'New data as text' }), {
      target: { value: 'timeout=60\n' },
    });
    await pass(0);
    await click('Review change');
    const diff = screen.getByRole('region', { name: 'Change from version 0' });
    expect(diff.textContent).toContain('−timeout=30');
    expect(diff.textContent).toContain('+timeout=60');
    await click('Write if still version 0');
    expect(server.commands.at(-1)).toMatchObject({
      name: 'znode.set',
      input: { path: '/app/config', version: 0 },
    });
    screen.getByText('timeout=60');
  });

  it('keep an edit through a conflict, and write it on top of what came between', async () => {
    await open('#/znodes/app/config');
    await click('Edit');
    fireEvent.change(screen.getByRole('textbox', { name: 'New data as text' }), {
      target: { value: 'mine\n' },
    });
    await pass(0);
    await click('Review change');
    await play(() => server.znodes.write('/app/config', 'theirs\n'));
    screen.getByText('Somebody wrote version 1 while you were editing.');
    await click('Write if still version 0');
    screen.getByText(/Not written: somebody else wrote version 1 first/);
    const both = screen.getByRole('region', { name: 'Theirs, version 1' }).textContent;
    expect(both).toContain('−theirs');
    expect(both).toContain('+mine');
    await click('Put mine on version 1');
    await click('Write if still version 1');
    expect(server.znodes.get('/app/config')).toMatchObject({ value: { stat: { version: 2 } } });
    screen.getByText('mine');
  });

  it('keep an edit when the ensemble cannot serve, and say what that means', async () => {
    await open('#/znodes/app/config');
    await click('Edit');
    fireEvent.change(screen.getByRole('textbox', { name: 'New data as text' }), {
      target: { value: 'mine\n' },
    });
    await pass(0);
    await click('Review change');
    server.trouble = { code: 'noQuorum', what: 'No majority.', meaning: '', todo: '', facts: {} };
    await click('Write if still version 0');
    screen.getByText('Not confirmed. Your edit is kept.');
    screen.getByText(/Too few members work together/);
    server.trouble = null;
    await click('Write if still version 0');
    expect(server.znodes.get('/app/config')).toMatchObject({ value: { stat: { version: 1 } } });
  });

  it('of a subtree are deleted only after its path was typed, the lowest first', async () => {
    await open('#/znodes/app');
    await click('Delete');
    const dialog = within(screen.getByRole('dialog'));
    dialog.getByText('3 znodes would be deleted:');
    const button = dialog.getByRole<HTMLButtonElement>('button', { name: 'Delete 3 znodes' });
    expect(button.disabled).toBe(true);
    fireEvent.change(dialog.getByRole('textbox'), { target: { value: '/app' } });
    expect(button.disabled).toBe(false);
    fireEvent.click(button);
    await pass(0);
    const deleted = server.commands.filter(({ name }) => name === 'znode.delete').map(({ input }) => input);
    expect(deleted.at(-1)).toEqual({ path: '/app', version: -1 });
    expect(deleted).toHaveLength(3);
  });

  it('that are gone say so and can be created again', async () => {
    await open('#/znodes/nowhere');
    screen.getByText('There is no znode here');
    await click('Create it');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('nowhere');
    await click('Create');
    expect(server.znodes.get('/nowhere').ok).toBe(true);
  });
});

describe('the log', () => {
  it('stands side by side by index, and decodes the entry that is chosen', async () => {
    await open('#/log?index=42');
    const grid = within(screen.getByRole('grid', { name: 'Entries of each member by index' }));
    expect(grid.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      'Index',
      expect.stringContaining('Member 1'),
      expect.stringContaining('Member 2Leader'),
      expect.stringContaining('Member 3'),
    ]);
    const panel = within(screen.getByRole('complementary', { name: 'Entry 42' }));
    expect(panel.getByRole('link', { name: '/orders/item-42' }).getAttribute('href')).toBe(
      '#/znodes/orders/item-42',
    );
    panel.getByText('0x20000002a');
  });

  it('shows what a member does not hold as a hole', async () => {
    server.logs = server.logs.map((page) =>
      page.member === 3 ? { ...page, last: 10, entries: page.entries.slice(0, 10) } : page,
    );
    await open('#/log?index=42');
    const panel = within(screen.getByRole('complementary', { name: 'Entry 42' }));
    panel.getByText('not in its log');
  });
});
