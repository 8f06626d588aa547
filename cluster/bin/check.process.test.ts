import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import { randomOf, simulateHistory } from '../check/linearizability/testing/simulated-history.ts';
import { MusterHome } from './testing/muster-process.ts';

let home: MusterHome;
beforeEach(() => {
  home = new MusterHome({ program: join(repositoryRoot, 'dist/node/muster.js') });
});
afterEach(() => home.cleanUp());

function saved(name: string, text: string): string {
  const file = join(home.folder, name);
  writeFileSync(file, text);
  return file;
}

async function check(...args: readonly string[]) {
  const { code, stdout, stderr } = await home.run(['check', ...args]);
  return { code, stdout: String(stdout), stderr };
}

const written = `{"process":0,"type":"invoke","f":"write","value":1}
{"process":0,"type":"ok","f":"write","value":1}
{"process":1,"type":"invoke","f":"read","value":null}
`;
const fresh = `${written}{"process":1,"type":"ok","f":"read","value":1}\n`;
const stale = `${written}{"process":1,"type":"ok","f":"read","value":null}\n`;

describe('muster check', () => {
  it('says OK and ends with 0 for a history that is linearizable', async () => {
    const { code, stdout } = await check(saved('h.jsonl', fresh), '--model', 'register');
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'OK: 2 operations on 1 object are linearizable.']);
  });

  it('says ILLEGAL, ends with 1 and draws a self-contained picture', async () => {
    const html = join(home.folder, 'failure.html');
    const { code, stdout } = await check(saved('h.jsonl', stale), '--model', 'register', '--html', html);
    expect([code, stdout.split('\n')[0]]).toEqual([
      1,
      expect.stringMatching(/^ILLEGAL: no order explains read nothing by process 1 \(.*h\.jsonl:3\): /),
    ]);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*<\/html>\n$/);
    expect(readFileSync(html, 'utf8')).not.toMatch(/https?:|<script|src=/);
  });

  it('draws nothing when nothing is wrong', async () => {
    const html = join(home.folder, 'failure.html');
    await check(saved('h.jsonl', fresh), '--model', 'register', '--html', html);
    expect(existsSync(html)).toBe(false);
  });

  it('says UNKNOWN and why, and ends with 2, when the time is up', async () => {
    const events = simulateHistory({
      model: 'register',
      processes: 30,
      operations: 5_000,
      values: 5,
      keys: 1,
      unknown: 0.05,
      random: randomOf(1),
    });
    const file = saved('h.json', JSON.stringify(events));
    const { code, stdout } = await check(file, '--model', 'register', '--budget', '0.001');
    expect([code, stdout]).toEqual([2, expect.stringMatching(/^UNKNOWN: .* no answer within 0\.001 s/)]);
  });

  it('answers in JSON', async () => {
    const { stdout } = await check(saved('h.jsonl', stale), '--model', 'register', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      verdict: 'ILLEGAL',
      model: 'register',
      operations: 2,
      keys: 1,
      illegalKeys: [null],
      failure: {
        window: [
          { process: '0', text: 'write 1', isCulprit: false },
          { process: '1', text: 'read nothing', isCulprit: true },
        ],
        statesAtFailure: ['1'],
      },
      html: null,
    });
  });

  it('reads EDN, and a history from standard input', async () => {
    const edn =
      '[{:process 0, :type :invoke, :f :read, :value nil} {:process 0, :type :ok, :f :read, :value nil}]';
    expect((await check(saved('h.edn', edn), '--model', 'register')).code).toBe(0);
    expect((await home.run(['check', '-', '--model', 'register'], Buffer.from(stale))).code).toBe(1);
  });

  it.each([
    [['nowhere', '--model', 'kv'], /nowhere cannot be read/],
    [['h', '--model', 'queue'], /Allowed choices are register, kv, znode/],
    [['h'], /--model/],
    [['h', '--model', 'kv', '--budget', 'soon'], /It is a number of seconds above 0/],
  ])('ends with 3 for a wrong command line (%s)', async (args, message) => {
    const { code, stderr } = await check(...args);
    expect([code, stderr]).toEqual([3, expect.stringMatching(message)]);
  });

  it('ends with 3 for a file that is no history, and says which line', async () => {
    const file = saved('h.jsonl', `${fresh}{"process":1,"type":"ok","f":"read","value":1}\n`);
    const { code, stdout, stderr } = await check(file, '--model', 'register', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([3, { ok: false, error: { code: 'malformedHistory' } }]);
    expect(stderr).toContain(`${file}:5: ok of read 1 by process 1, which has no operation open`);
  });
});
