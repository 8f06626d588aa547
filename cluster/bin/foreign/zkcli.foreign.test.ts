/** ZooKeeper's own shell, as Debian ships it, against an ensemble of real members. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../../build/make.js';
import { findApache } from '../../client/testing/apache.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import { TestEnsembles } from '../../supervisor/testing/test-ensemble.ts';
import { clientPortOf } from '../testing/ensemble-facts.ts';
import { runForeign } from '../testing/foreign-program.ts';

const shell = '/usr/share/zookeeper/bin/zkCli.sh';
const apache = findApache();
const missing = !apache.ok ? apache.error : existsSync(shell) ? null : `Debian's zookeeper lacks ${shell}`;
const title = missing === null ? "ZooKeeper's shell" : `ZooKeeper's shell: skipped, ${missing}`;
const ensembles = new TestEnsembles({ memberModule: join(repositoryRoot, 'dist/node/member.js') });

/** Its greeting and the state of its connection, which it prints whenever it likes. */
const chatter = /^(Connecting to |Welcome to ZooKeeper|JLine support|WATCHER::|WatchedEvent state:|SLF4J:|$)/;
/** What differs from run to run in a Stat. */
const moment = /^([cmp]Zxid|[cm]time) = .+$/;

describe.skipIf(missing !== null)(title, () => {
  let supervisor: Supervisor;

  beforeAll(async () => {
    supervisor = await ensembles.startHealthy();
  });

  afterAll(() => ensembles.cleanUp());

  /** What the shell prints for these commands, and what it complains of. */
  async function type(
    ...commands: readonly string[]
  ): Promise<{ readonly said: readonly string[]; readonly complaints: readonly string[] }> {
    const server = `localhost:${clientPortOf(supervisor.view(), 2)}`;
    const input = [...commands, 'quit'];
    const { lines, errors } = await runForeign({ command: shell, args: ['-server', server], input });
    const told = (text: readonly string[]): readonly string[] =>
      text.filter((line) => !chatter.test(line)).map((line) => line.replace(moment, '$1 = …'));
    return { said: told(lines), complaints: told(errors.split('\n')) };
  }

  it('creates, reads, sets, lists and deletes', async () => {
    const commands = [
      'create /cli hello',
      'get /cli',
      'set -v 0 /cli again',
      'stat /cli',
      'create -s /cli/job- x',
      'create -e /cli/mine',
      'ls /cli',
      'ls -R /cli',
      'sync /cli',
      'delete /cli/job-0000000000',
      'ls /cli',
    ];
    expect(await type(...commands)).toEqual({
      said: [
        'hello',
        'cZxid = …',
        'ctime = …',
        'mZxid = …',
        'mtime = …',
        'pZxid = …',
        'cversion = 0',
        'dataVersion = 1',
        'aclVersion = 0',
        'ephemeralOwner = 0x0',
        'dataLength = 5',
        'numChildren = 0',
        '[job-0000000000, mine]',
        '/cli',
        '/cli/job-0000000000',
        '/cli/mine',
        'Sync is OK',
        '[mine]',
      ],
      complaints: ['Created /cli', 'Created /cli/job-0000000000', 'Created /cli/mine'],
    });
    expect(await type('ls /cli')).toEqual({ said: ['[]'], complaints: [] });
  });

  it('is told why a command fails, and goes on', async () => {
    const commands = [
      'create /errors fine',
      'create /errors/child',
      'get /absent',
      'set -v 7 /errors x',
      'delete /errors',
      'delete -v 3 /errors/child',
      'create /errors',
      'create /no/parent',
      'create relative',
      'create -e /errors/mine',
      'create /errors/mine/child',
      'get /errors',
    ];
    const { said, complaints } = await type(...commands);
    expect(said).toEqual(['fine']);
    expect(complaints).toEqual([
      'Created /errors',
      'Created /errors/child',
      'Node does not exist: /absent',
      'version No is not valid : /errors',
      'Node not empty: /errors',
      'version No is not valid : /errors/child',
      'Node already exists: /errors',
      'Node does not exist: /no/parent',
      'Path must start with / character',
      'Created /errors/mine',
      'Ephemerals cannot have children: /errors/mine/child',
    ]);
  });

  it('guards a znode with a password', async () => {
    const mine = ['addauth digest bob:secret', 'create /guarded secret', 'setAcl /guarded auth::cdrwa'];
    expect(await type(...mine, 'getAcl /guarded', 'get /guarded')).toEqual({
      said: ["'digest,'bob:fyVmFCwVbTJYrznoSu1koqYEYF0=", ': cdrwa', 'secret'],
      complaints: ['Created /guarded'],
    });
    expect(await type('get /guarded', 'set /guarded mine')).toEqual({
      said: [],
      complaints: ['Insufficient permission : /guarded', 'Insufficient permission : /guarded'],
    });
  });
});
