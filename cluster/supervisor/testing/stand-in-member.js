// A member's process without a member in it: speaks the supervisor's protocol, holds its ports, and
// misbehaves as its arguments say. For tests of the supervisor alone.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This file, to be run as a process. */
export const standInModule = fileURLToPath(import.meta.url);

/** @param {string} behaviour */
const behaves = (behaviour) => process.argv.includes(`--${behaviour}`);

/** @param {object} message */
const tell = (message) => process.send?.(message);

/** @param {number} id @param {number} incarnation */
function report(id, incarnation) {
  return {
    role: id === 1 ? 'leader' : 'follower',
    term: 1,
    leader: 1,
    votedFor: 1,
    first: 1,
    last: 1,
    persisted: 1,
    commit: 1,
    applied: 1,
    zxid: '4294967296',
    digest: '0',
    serving: true,
    followers: [],
    links: [],
    connections: 0,
    sessions: 0,
    znodes: 1,
    watches: 0,
    outstanding: 0,
    received: 0,
    sent: 0,
    fsyncP99Ms: null,
    latencyMs: { min: 0, average: 0, max: 0 },
    loopLagMs: 0,
    memoryBytes: 1,
    uptimeMs: 1,
    incarnation: incarnation.toString(16),
    life: 1,
  };
}

/** @param {number} port */
const listen = (port) => createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');

/** @param {any} configuration @returns {number} the incarnation of the directory */
function openDirectory({ dataFolder, directory, member }) {
  const file = join(dataFolder, 'incarnation');
  if (directory.kind === 'open') return Number(readFileSync(file, 'utf8'));
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file, String(1000 + member));
  return 1000 + member;
}

function refuse() {
  tell({
    kind: 'fatal',
    reason: { code: 'damaged', what: 'Entry 7 is damaged.', meaning: 'It is lost.', todo: 'Restore it.' },
  });
  setTimeout(() => process.exit(65), 20);
}

function run() {
  /** @type {any} */
  let configuration = null;
  let incarnation = 0;
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));

  const begin = () => {
    for (const port of [configuration.clientPort, configuration.peers[configuration.member - 1].peerPort])
      listen(port);
    const push = () => tell({ kind: 'report', report: report(configuration.member, incarnation) });
    push();
    setInterval(push, 100);
    tell({ kind: 'ready' });
    if (behaves('nonsense')) tell({ kind: 'song', verse: 1 });
  };

  process.on('message', (/** @type {any} */ message) => {
    switch (message.kind) {
      case 'configure':
        configuration = message.configuration;
        if (behaves('refuse')) return refuse();
        incarnation = openDirectory(configuration);
        if (configuration.directory.kind === 'open') begin();
        else tell({ kind: 'created', incarnation });
        break;
      case 'proceed':
        begin();
        break;
      case 'setBlocked':
        writeFileSync(join(configuration.dataFolder, 'blocked'), JSON.stringify(message.blocked));
        if (!behaves('silent')) tell({ kind: 'done', request: message.request });
        break;
      case 'stop':
        if (!behaves('stubborn')) process.exit(0);
        break;
    }
  });
}

if (process.argv[1] === standInModule) run();
