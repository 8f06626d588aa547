/** Apache's Java client, unmodified, against an ensemble of real members. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../../build/make.js';
import { createZkClient } from '../../client/client.ts';
import { done } from '../../client/testing/outcomes.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import { eventually, pidOf, processOf, TestEnsembles } from '../../supervisor/testing/test-ensemble.ts';
import { clientPortOf, memberAt } from '../testing/ensemble-facts.ts';
import { runForeign, startForeign } from '../testing/foreign-program.ts';
import { compileJava, findJava } from '../testing/java.ts';

const java = findJava();
const title = java.ok ? "Apache's Java client" : `Apache's Java client: skipped, ${java.error}`;
const ensembles = new TestEnsembles({ memberModule: join(repositoryRoot, 'dist/node/member.js') });

describe.skipIf(!java.ok)(title, () => {
  let supervisor: Supervisor;
  let classes: string;

  beforeAll(async () => {
    classes = ensembles.folder();
    supervisor = await ensembles.startHealthy();
  });

  afterAll(() => ensembles.cleanUp());

  async function run(name: string, ...args: readonly string[]): Promise<readonly string[]> {
    const program = await compileJava(name, classes);
    const ended = await runForeign({ ...program, args: [...program.args, ...args] });
    expect(ended.code, ended.errors).toBe(0);
    return ended.lines;
  }

  it('walks through the example every tutorial opens with', async () => {
    const port = clientPortOf(supervisor.view(), 1);
    expect(await run('ExampleClient', `localhost:${port}`)).toEqual([
      'created /example',
      'data hello world',
      'exists with version 0, 11 bytes',
      'event NodeDataChanged /example',
      'set version 1',
      'refused BADVERSION',
      'exists false',
      'closed',
    ]);
  });

  it('gets what ZooKeeper would give it, through two members', async () => {
    const [first, second] = [2, 3].map((id) => `localhost:${clientPortOf(supervisor.view(), id)}`);
    expect(await run('FeatureClient', first ?? '', second ?? '')).toEqual([
      '/features/job-0000000000',
      '/features/job-0000000001',
      '/features/lock-0000000002',
      'ephemeral owner is the session true',
      'child of an ephemeral: NOCHILDRENFOREPHEMERALS',
      'multi CreateResult',
      'multi SetDataResult',
      'multi CheckResult',
      'multi failed BADVERSION 0 -103 -2',
      'half a multi false',
      'synced',
      'children [job-0000000000, job-0000000001, lock-0000000002, mine]',
      'event NodeCreated /features/later',
      'event NodeChildrenChanged /features',
      'event NodeDeleted /features/later',
      'acl alice:aYXlLOpEooaV1cRAvUL1fp9Qt7E=',
      'reading as a stranger: NOAUTH',
      'reading as alice hidden',
      'writing what is read-only: NOAUTH',
      'creating it again: NODEEXISTS',
      'an absent znode: NONODE',
      'a parent: NOTEMPTY',
      'an empty ACL: INVALIDACL',
      'an operation not offered: UNIMPLEMENTED',
      'still connected true',
      'ephemeral after close false',
      'closed',
    ]);
  });

  it('takes its session and its watches to another member when its own is killed', async () => {
    const program = await compileJava('ReconnectClient', classes);
    const { connect } = supervisor.view();
    const client = startForeign({ ...program, args: [...program.args, connect] });
    const port = Number((await client.untilLine('at ')).slice('at '.length));
    const member = memberAt(supervisor.view(), port);
    process.kill(pidOf(supervisor.view(), member), 'SIGKILL');
    await client.untilLine('state Disconnected');
    expect(await client.untilLine('same session')).toBe('same session true');
    expect(await client.untilLine('still mine')).toBe('still mine true');
    const another = Number((await client.untilLine('now at ')).slice('now at '.length));
    expect(another).not.toBe(port);

    const elsewhere = createZkClient({ servers: `127.0.0.1:${another}` });
    await done(elsewhere.setData({ path: '/kept', data: new Uint8Array(1) }));
    await client.untilLine('event NodeDataChanged /kept');
    await done(elsewhere.create({ path: '/kept/child' }));
    await client.untilLine('event NodeChildrenChanged /kept');
    await done(elsewhere.create({ path: '/absent' }));
    await client.untilLine('event NodeCreated /absent');
    client.say('that is all');
    await client.untilLine('closed');
    expect(await client.finish()).toMatchObject({ code: 0 });
    await elsewhere.close();
    await eventually('it crashed', () => processOf(supervisor.view(), member).kind === 'crashed');
    expect(await supervisor.operate(member, 'start')).toEqual({ ok: true, value: null });
  });
});
