/** Changes of members from the command line: what is printed, and what becomes of one that is cut off. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from '../../build/make.js';
import { isAlive, MusterHome } from './testing/muster-process.ts';

let home: MusterHome;
beforeEach(() => {
  home = new MusterHome({ program: join(repositoryRoot, 'dist/node/muster.js') });
});
afterEach(() => home.cleanUp());

const record = (): string => readFileSync(join(home.folder, 'data/ensemble.json'), 'utf8');

async function textOf(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await home.run(args);
  if (code !== 0) throw new Error(`muster ${args.join(' ')} ended with ${code}: ${stderr}`);
  return String(stdout);
}

const changeOf = async (): Promise<{ readonly state: string; readonly step: string } | null> => {
  const { ensemble } = z
    .object({
      ensemble: z.object({ change: z.object({ state: z.string(), step: z.string() }).nullable() }),
    })
    .parse(await home.json('status'));
  return ensemble.change;
};

describe('muster member', () => {
  it('plans without a trace, tells every step, and answers scripts', async () => {
    await home.up();
    const before = record();
    expect(await home.json('member', 'add', '--promote', '--dry-run')).toMatchObject({
      ok: true,
      dryRun: true,
      plan: {
        kind: 'add',
        member: 4,
        refusals: [],
        steps: [
          { step: 'makeDirectory', done: false },
          { step: 'introduce' },
          { step: 'addLearner' },
          { step: 'catchUp' },
          { step: 'promote' },
        ],
      },
    });
    for (const args of [['member', 'replace', '2'], ['member', 'remove', '3'], ['transfer'], ['snapshot']])
      await textOf(...args, '--dry-run');
    expect(record()).toBe(before);

    const added = await textOf('member', 'add');
    expect(added.split('\n').map((line) => line.trim())).toEqual([
      'Adding member 4:',
      'making a new data directory and starting it',
      'telling the others its address',
      'taking it in as a learner',
      expect.stringContaining('muster member promote 4'),
      '',
    ]);
    expect(await home.json('member', 'promote', '4')).toMatchObject({
      ok: true,
      change: { kind: 'promote', member: 4, state: 'done', error: null },
      standing: 'voter',
    });
    expect(await home.json('member', 'remove', '4')).toMatchObject({
      ok: true,
      change: { kind: 'remove', state: 'done', archive: expect.stringMatching(/^archive\/.+-member-4$/) },
      standing: null,
    });
  });

  it('says why something is refused, with its own exit codes', async () => {
    await home.up('--members', '1');
    const removal = await home.run(['member', 'remove', '1', '--dry-run', '--json']);
    expect(removal.code).toBe(1);
    expect(JSON.parse(String(removal.stdout))).toMatchObject({
      dryRun: true,
      plan: { refusals: [{ code: 'refused', facts: { reason: 'lastVoter' } }] },
    });
    const promoted = await home.run(['member', 'promote', '1', '--json']);
    expect(promoted.code).toBe(1);
    expect(JSON.parse(String(promoted.stdout))).toMatchObject({
      ok: false,
      error: { code: 'refused', facts: { reason: 'notLearner' } },
    });
    expect((await home.run(['member', 'continue'])).code).toBe(1);
    expect((await home.run(['member', 'replace', 'two'])).code).toBe(2);
    expect((await home.run(['transfer', '1'])).stderr).toContain('it leads already');
    await home.json('kill', '1');
    expect((await home.run(['member', 'add'])).code).toBe(4);
  });

  it('goes on with a replacement during which everything was killed', async () => {
    const first = await home.up();
    await home.json('create', '/kept', 'yes');
    const replacing = home.run(['member', 'replace', '2']);
    await expect
      .poll(() => JSON.parse(record()).change?.step ?? null, { timeout: 20_000, interval: 5 })
      .toBeOneOf(['stopProcess', 'archive', 'makeDirectory', 'introduce', 'addLearner']);
    first.child.kill('SIGKILL');
    expect((await replacing).code).not.toBe(0);
    await first.ended;
    await expect
      .poll(() => first.ready.members.some(({ pid }) => isAlive(pid)), { timeout: 10_000 })
      .toBe(false);

    await home.up();
    expect(await changeOf()).toMatchObject({ state: 'interrupted' });
    expect(await textOf('status')).toContain('muster member continue');
    const another = await home.run(['member', 'add', '--json']);
    expect(JSON.parse(String(another.stdout))).toMatchObject({
      error: { facts: { reason: 'changeUnfinished' } },
    });
    expect(await home.json('member', 'continue', '--dry-run')).toMatchObject({
      plan: { kind: 'replace', member: 2 },
    });
    expect(await home.json('member', 'continue')).toMatchObject({
      change: { state: 'done' },
      standing: 'voter',
    });
    expect(await textOf('get', '/kept')).toBe('yes');
    await expect
      .poll(async () => (await textOf('status')).split(':')[0], { timeout: 10_000 })
      .toBe('Healthy');
  });
});

describe('muster up', () => {
  it('keeps what it is told about elections, and says how to elect by hand', async () => {
    const { child, ended, ready } = await home.up('--elections', 'manual', '--snapshot-every', '500');
    expect(ready.members.map(({ role }) => role)).toEqual(['follower', 'follower', 'follower']);
    expect((await home.run(['set', '/', 'x'])).code).toBe(4);
    expect(await home.json('campaign', '3')).toMatchObject({ outcome: { kind: 'leads', member: 3 } });
    expect(await home.json('transfer', '1')).toMatchObject({ outcome: { kind: 'leads', member: 1 } });
    expect(await home.json('snapshot', '2')).toMatchObject({
      outcome: { kind: 'snapshots', taken: [{ member: 2, index: expect.any(Number) }] },
    });
    child.kill('SIGTERM');
    await ended;
    expect(JSON.parse(record()).settings).toMatchObject({
      elections: 'manual',
      snapshots: { everyEntries: 500, kept: 3 },
    });
    expect((await home.run(['up', '--elections', 'never'])).code).toBe(2);
  });
});
