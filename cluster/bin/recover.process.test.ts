/** Forced recovery as an operator does it: from the command line, by what it prints alone. */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from '../../build/make.js';
import { MusterHome, type Up } from './testing/muster-process.ts';

let home: MusterHome;
beforeEach(() => {
  home = new MusterHome({ program: join(repositoryRoot, 'dist/node/muster.js') });
});
afterEach(() => home.cleanUp());

const dataOf = (member: number): string => join(home.folder, 'data/members', String(member), 'data');

/** A hash over every name and every byte below a folder. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

async function stop({ child, ended }: Up): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

/** The command lines that were printed to be run, without the program's name. */
const printed = (text: string): string[][] =>
  [...text.matchAll(/^ {2}muster (.+)$/gm)].map(([, line = '']) => line.split(' '));

async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await home.run(args);
  if (code !== 0) throw new Error(`muster ${args.join(' ')} ended with ${code}: ${stderr}`);
  return String(stdout);
}

const status = z.object({
  ensemble: z.object({
    term: z.number(),
    health: z.object({ level: z.string(), total: z.number() }),
    members: z.array(z.object({ id: z.number(), standing: z.string() })),
  }),
});
const statusOf = async () => status.parse(await home.json('status')).ensemble;

const survey = z.object({
  dryRun: z.literal(true),
  recommended: z.number().nullable(),
  members: z.array(z.object({ member: z.number(), directory: z.object({ kind: z.string() }) })),
  plan: z
    .object({
      id: z.string().regex(/^[0-9a-f]{12}$/),
      survivor: z.number(),
      kept: z.object({ last: z.object({ index: z.number(), term: z.number() }) }),
      lost: z.array(
        z.object({ holder: z.string(), from: z.number(), to: z.number(), entries: z.array(z.unknown()) }),
      ),
      committed: z.object({ from: z.number(), to: z.number(), entries: z.array(z.unknown()) }).nullable(),
      unseen: z.array(z.number()),
      appended: z.object({ index: z.number(), term: z.number() }),
      givenUp: z.array(z.number()),
      warnings: z.array(z.string()),
    })
    .nullable(),
  refusals: z.array(z.object({ code: z.string(), what: z.string(), meaning: z.string(), todo: z.string() })),
});

/** Three members that know some znodes, stopped in good order. */
async function stoppedEnsemble(): Promise<void> {
  const up = await home.up();
  for (const name of ['a', 'b', 'c']) await home.json('create', `/${name}`, name);
  await stop(up);
}

describe('with two of three data directories lost', () => {
  it('the printed steps alone bring back three voters, and old incarnations stay out', async () => {
    await stoppedEnsemble();
    const zombies = join(home.folder, 'zombies');
    cpSync(dataOf(2), join(zombies, '2'), { recursive: true });
    for (const lost of [2, 3]) rmSync(dataOf(lost), { recursive: true });
    const { term } = survey.parse(await home.json('recover', '--survivor', '1')).plan?.kept.last ?? {
      term: 0,
    };

    const [first = []] = printed(await run('recover'));
    expect(first).toEqual(['recover', '--survivor', '1']);
    const planned = await run(...first);
    expect(planned).toContain('not know   what member 2, member 3 held');
    const [confirm = []] = printed(planned);
    const recovered = await run(...confirm);
    expect(recovered).toMatch(/archive\/\S+-member-1-before-recovery/);
    const [start = [], ...replacements] = printed(recovered);
    expect([start, ...replacements]).toEqual([
      ['up'],
      ['member', 'replace', '2'],
      ['member', 'replace', '3'],
    ]);
    await home.up(...start.slice(1));
    expect((await statusOf()).members).toMatchObject([
      { id: 1, standing: 'voter' },
      { id: 2, standing: 'lost' },
      { id: 3, standing: 'lost' },
    ]);
    for (const command of replacements) await run(...command);
    await expect.poll(async () => (await statusOf()).health.level, { timeout: 20_000 }).toBe('healthy');
    const after = await statusOf();
    expect(after.health.total).toBe(3);
    expect(after.term).toBeGreaterThan(term + 1_000);
    for (const name of ['a', 'b', 'c']) expect(await run('get', `/${name}`)).toBe(name);
    await home.json('set', '/a', 'again');

    await home.json('stop', '2');
    renameSync(dataOf(2), join(zombies, 'new-2'));
    cpSync(join(zombies, '2'), dataOf(2), { recursive: true });
    const zombie = await home.run(['start', '2']);
    expect([zombie.code, zombie.stderr]).toEqual([
      1,
      expect.stringContaining('was removed from the ensemble'),
    ]);
    rmSync(dataOf(2), { recursive: true });
    renameSync(join(zombies, 'new-2'), dataOf(2));
    await home.json('start', '2');
  });

  it('a plan holds for one situation only, and looking changes nothing', async () => {
    await stoppedEnsemble();
    for (const lost of [2, 3]) renameSync(dataOf(lost), join(home.folder, `lost-${lost}`));
    const before = hashOf(join(home.folder, 'data'));
    const shown = survey.parse(await home.json('recover', '--survivor', '1'));
    expect(shown).toMatchObject({
      recommended: 1,
      members: [
        { member: 1, directory: { kind: 'readable' } },
        { member: 2, directory: { kind: 'absent' } },
        { member: 3, directory: { kind: 'absent' } },
      ],
      plan: { survivor: 1, lost: [], unseen: [2, 3], givenUp: [2, 3] },
      refusals: [],
    });
    const id = shown.plan?.id ?? '';
    expect(survey.parse(await home.json('recover', '--survivor', '1')).plan?.id).toBe(id);
    await home.json('recover', '--survivor', '1', '--confirm', id, '--dry-run');
    await home.json('wal', 'inspect', '1');
    await run('wal', 'verify', '1');
    expect(hashOf(join(home.folder, 'data'))).toBe(before);

    // One directory turns up again: now a majority can be started.
    renameSync(join(home.folder, 'lost-2'), dataOf(2));
    const refused = await home.run(['recover', '--survivor', '1', '--confirm', id, '--json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(String(refused.stdout))).toMatchObject({
      ok: false,
      error: { code: 'majorityStarts' },
    });
    rmSync(dataOf(2), { recursive: true });
    const other = await home.run(['recover', '--survivor', '1', '--confirm', '000000000000', '--json']);
    expect(JSON.parse(String(other.stdout))).toMatchObject({ ok: false, error: { code: 'planChanged' } });
    expect(await home.run(['recover', '--confirm', id])).toMatchObject({ code: 2 });
    expect(hashOf(join(home.folder, 'data'))).toBe(before);
  });

  it('the survivor is chosen by term and index, and what only others hold is listed', async () => {
    const up = await home.up();
    await home.json('create', '/shared', 'x');
    await home.json('kill', '3');
    await home.json('create', '/later', 'y');
    await stop(up);
    rmSync(dataOf(1), { recursive: true });
    rmSync(join(dataOf(2), 'log'), { recursive: true });
    // Member 2 held the later write as well, and has lost it: its vote could not be had for member 3.
    const shown = await home.run(['recover', '--survivor', '3', '--json']);
    const parsed = survey.parse(JSON.parse(String(shown.stdout)));
    expect(parsed.recommended).toBe(3);
    expect(parsed.members.map(({ directory }) => directory.kind)).toEqual(['absent', 'readable', 'readable']);
    expect(parsed.refusals).toEqual([]);
    expect(parsed.plan).toMatchObject({ unseen: [1], givenUp: [1, 2] });
  });
});

describe('the files of members', () => {
  it('can be looked into and exported, running or not', async () => {
    const up = await home.up();
    await home.json('create', '/seen', 'x');
    expect(await home.json('wal', 'inspect', '1')).toMatchObject({
      directories: [{ member: 1, live: true, holds: { identity: { member: 1 }, damage: [] } }],
    });
    expect((await home.run(['recover'])).code).toBe(5);
    await stop(up);
    const lines = (await run('wal', 'export', '1')).trimEnd().split('\n');
    const entries = lines.map((line) =>
      z.object({ index: z.number(), operation: z.string() }).parse(JSON.parse(line)),
    );
    expect(entries[0]).toEqual({ index: 1, operation: 'membership' });
    expect(entries.some(({ operation }) => operation === 'create')).toBe(true);
    const { entries: some } = await home.json('wal', 'export', '1', '--from', '2', '--count', '1');
    expect(some).toMatchObject([{ index: 2, payload: expect.any(String) }]);
    expect(await home.json('wal', 'verify')).toMatchObject({
      directories: [{ isWhole: true }, { isWhole: true }, { isWhole: true }],
    });
    expect(await home.json('wal', 'inspect', '--dir', dataOf(2))).toMatchObject({
      directories: [{ member: null, holds: { identity: { member: 2 } } }],
    });
    expect((await home.run(['wal', 'export'])).code).toBe(2);
    expect((await home.run(['wal', 'inspect', '9'])).code).toBe(1);
    expect((await home.run(['wal', 'inspect', '--dir', join(home.folder, 'nowhere')])).code).toBe(1);
  });
});
