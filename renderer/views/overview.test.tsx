import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noon, sampleMember } from '../store/testing/samples.ts';
import { ScriptedConsole } from './testing/scripted-console.tsx';

let scripted: ScriptedConsole;

beforeEach(() => {
  scripted = new ScriptedConsole();
});

afterEach(() => {
  cleanup();
  scripted.close();
});

async function open(hash = '', token?: null): Promise<void> {
  render(scripted.open(hash, token));
  await scripted.pass(0);
}

async function click(name: string | RegExp, role = 'button'): Promise<void> {
  fireEvent.click(screen.getByRole(role, { name }));
  await scripted.pass(0);
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
    const { health } = scripted.server.ensemble;
    await scripted.play((server) =>
      server.publish({ leader: null, health: { ...health, level: 'noQuorum', working: 1, sinceMs: noon } }),
    );
    await scripted.pass(14_000);
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
    scripted.surroundings.reachable = false;
    await scripted.play((server) => server.hangUp(1006));
    await scripted.pass(12_000);
    screen.getByText(/What is shown is 12 s old/);
    scripted.surroundings.reachable = true;
    await scripted.pass(5_000);
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
    await scripted.play((server) =>
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
    scripted.server.ensemble = {
      ...scripted.server.ensemble,
      members: [1, 2].map((id) => sampleMember(id, { reportedAtMs: noon + 12_000 })).concat(sampleMember(3)),
    };
    await scripted.pass(12_000);
    await scripted.play((server) => server.publish());
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
    expect(scripted.server.commands.filter(({ name }) => name.startsWith('member.'))).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Kill (-9)' }));
    await scripted.pass(0);
    expect(scripted.server.commands.at(-1)).toEqual({ name: 'member.kill', input: { member: 2 } });
    screen.getByText('Kill member 2');
  });

  it('cuts the groups that were typed, after showing who keeps the quorum', async () => {
    await open();
    fireEvent.change(screen.getByRole('textbox', { name: 'Groups' }), { target: { value: '2 | 1,3' } });
    screen.getByText('Quorum stays with 1, 3.');
    await click('Cut');
    expect(scripted.server.commands.at(-1)).toEqual({ name: 'partition', input: { groups: [[2], [1, 3]] } });
  });

  it('offers to heal everything while a link is cut', async () => {
    await open();
    expect(screen.queryByRole('button', { name: 'Heal everything' })).toBeNull();
    await scripted.play((server) => server.change(1, { blocked: { to: [2], from: [] } }));
    await click('Heal everything');
    expect(scripted.server.commands.at(-1)).toEqual({ name: 'heal', input: {} });
  });
});
