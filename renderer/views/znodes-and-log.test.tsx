import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedConsole } from './testing/scripted-console.tsx';

let scripted: ScriptedConsole;

beforeEach(() => {
  scripted = new ScriptedConsole();
});

afterEach(() => {
  cleanup();
  scripted.close();
});

async function open(hash: string): Promise<void> {
  render(scripted.open(hash));
  await scripted.pass(0);
}

async function click(name: string | RegExp, role = 'button'): Promise<void> {
  fireEvent.click(screen.getByRole(role, { name }));
  await scripted.pass(0);
}

describe('znodes', () => {
  beforeEach(() => {
    scripted.server.znodes.write('/app', '{"a":1}');
    scripted.server.znodes.write('/app/config', 'timeout=30\n');
    scripted.server.znodes.write('/app/lock', '', { ephemeralOwner: '8589934592' });
  });

  const tree = () => within(screen.getByRole('tree', { name: 'Tree of znodes' }));

  it('open and close with the arrow keys, and show with Enter', async () => {
    await open('#/znodes');
    const keys = async (...names: string[]) => {
      for (const key of names) {
        fireEvent.keyDown(screen.getByRole('tree'), { key });
        await scripted.pass(0);
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
    await scripted.play((server) => server.znodes.write('/fresh', ''));
    await scripted.pass(0);
    tree().getByRole('treeitem', { name: /fresh/ });
  });

  it('are written only over the version that was read', async () => {
    await open('#/znodes/app/config');
    await click('Edit');
    fireEvent.change(screen.getByRole('textbox', { name: 'New data as text' }), {
      target: { value: 'timeout=60\n' },
    });
    await scripted.pass(0);
    await click('Review change');
    const diff = screen.getByRole('region', { name: 'Change from version 0' });
    expect(diff.textContent).toContain('−timeout=30');
    expect(diff.textContent).toContain('+timeout=60');
    await click('Write if still version 0');
    expect(scripted.server.commands.at(-1)).toMatchObject({
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
    await scripted.pass(0);
    await click('Review change');
    await scripted.play((server) => server.znodes.write('/app/config', 'theirs\n'));
    screen.getByText('Somebody wrote version 1 while you were editing.');
    await click('Write if still version 0');
    screen.getByText(/Not written: somebody else wrote version 1 first/);
    const both = screen.getByRole('region', { name: 'Theirs, version 1' }).textContent;
    expect(both).toContain('−theirs');
    expect(both).toContain('+mine');
    await click('Put mine on version 1');
    await click('Write if still version 1');
    expect(scripted.server.znodes.get('/app/config')).toMatchObject({ value: { stat: { version: 2 } } });
    screen.getByText('mine');
  });

  it('keep an edit when the ensemble cannot serve, and say what that means', async () => {
    await open('#/znodes/app/config');
    await click('Edit');
    fireEvent.change(screen.getByRole('textbox', { name: 'New data as text' }), {
      target: { value: 'mine\n' },
    });
    await scripted.pass(0);
    await click('Review change');
    scripted.server.trouble = { code: 'noQuorum', what: 'No majority.', meaning: '', todo: '', facts: {} };
    await click('Write if still version 0');
    screen.getByText('Not confirmed. Your edit is kept.');
    screen.getByText(/Too few members work together/);
    scripted.server.trouble = null;
    await click('Write if still version 0');
    expect(scripted.server.znodes.get('/app/config')).toMatchObject({ value: { stat: { version: 1 } } });
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
    await scripted.pass(0);
    const deleted = scripted.server.commands
      .filter(({ name }) => name === 'znode.delete')
      .map(({ input }) => input);
    expect(deleted.at(-1)).toEqual({ path: '/app', version: -1 });
    expect(deleted).toHaveLength(3);
  });

  it('that are gone say so and can be created again', async () => {
    await open('#/znodes/nowhere');
    screen.getByText('There is no znode here');
    await click('Create it');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('nowhere');
    await click('Create');
    expect(scripted.server.znodes.get('/nowhere').ok).toBe(true);
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
    scripted.server.logs = scripted.server.logs.map((page) =>
      page.member === 3 ? { ...page, last: 10, entries: page.entries.slice(0, 10) } : page,
    );
    await open('#/log?index=42');
    const panel = within(screen.getByRole('complementary', { name: 'Entry 42' }));
    panel.getByText('not in its log');
  });
});
