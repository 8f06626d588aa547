// A member's process without a member in it: speaks the supervisor's protocol, holds its ports, and
// misbehaves as its arguments say. Its consensus is a file that all stand-ins of an ensemble share.
// For tests of the supervisor alone.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This file, to be run as a process. */
export const standInModule = fileURLToPath(import.meta.url);

/** @param {string} behaviour */
const behaves = (behaviour) => process.argv.includes(`--${behaviour}`);

/** @param {object} message */
const tell = (message) => process.send?.(message);

/** @typedef {{ id: number, incarnation: string }} Seat */
/** @typedef {{ voters: Seat[], outgoing: Seat[], learners: Seat[], removed: Seat[] }} Membership */
/** @typedef {{ leader: number, term: number, index: number, membership: Membership }} Agreed */

/** @param {{ member: number, incarnation: number }} seat @returns {Seat} */
const seatOf = ({ member, incarnation }) => ({ id: member, incarnation: incarnation.toString(16) });

/** What the stand-ins agree on. @param {any} configuration */
const agreedFile = ({ dataFolder }) => join(dataFolder, '../../agreed.json');

/** @param {any} configuration @returns {Agreed} */
const readAgreed = (configuration) => JSON.parse(readFileSync(agreedFile(configuration), 'utf8'));

/** @param {any} configuration @param {Agreed} agreed */
function writeAgreed(configuration, agreed) {
  const draft = `${agreedFile(configuration)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ ...agreed, index: agreed.index + 1 }));
  renameSync(draft, agreedFile(configuration));
}

/** @param {any} configuration */
function report(configuration) {
  const { leader, term, index, membership } = readAgreed(configuration);
  const others = [...membership.voters, ...membership.learners].filter(
    ({ id }) => id !== configuration.member,
  );
  const leads = leader === configuration.member;
  return {
    role: leads ? 'leader' : 'follower',
    term,
    leader,
    votedFor: leader,
    first: 1,
    last: index,
    persisted: index,
    commit: index,
    applied: index,
    zxid: '4294967296',
    digest: '0',
    serving: true,
    followers: leads
      ? others.map(({ id }) => ({ id, match: index, next: index + 1, silentMs: 0, mode: 'replicate' }))
      : [],
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
    incarnation: configuration.directory.incarnation.toString(16),
    life: 1,
    membership,
    membershipIndex: index,
    transferTo: null,
    repairing: false,
    fenced: null,
    disk: { kind: 'ok' },
    snapshots: snapshot === null ? [] : [snapshot],
    logBytes: 1,
    checkpoint: null,
  };
}

/** @type {{ index: number, term: number, sizeBytes: number, digest: string, zxid: string } | null} */
let snapshot = null;

/** @param {any} configuration @param {any} operation @returns {string | null} why it is refused */
function operate(configuration, operation) {
  const agreed = readAgreed(configuration);
  const { voters, learners, removed } = agreed.membership;
  /** @param {number} id */
  const gone = (id) => operation.members?.includes(id) ?? false;
  const become = (/** @type {number} */ leader) => ({ ...agreed, leader, term: agreed.term + 1 });
  if (operation.kind === 'snapshot') {
    snapshot = { index: agreed.index, term: agreed.term, sizeBytes: 10, digest: '0', zxid: '1' };
    return null;
  }
  if (operation.kind === 'campaign') {
    writeAgreed(configuration, become(configuration.member));
    return null;
  }
  if (agreed.leader !== configuration.member) return 'notLeader';
  if (behaves('loses-quorum')) return 'wouldLoseQuorum';
  if (behaves('lags')) return 'lagging';
  switch (operation.kind) {
    case 'transfer':
      writeAgreed(configuration, become(operation.to ?? voters.find(({ id }) => id !== agreed.leader)?.id));
      return null;
    case 'addLearner':
      agreed.membership.learners.push(seatOf(operation.seat));
      break;
    case 'promote':
      voters.push(...learners.filter(({ id }) => gone(id)));
      voters.sort((a, b) => a.id - b.id);
      agreed.membership.learners = learners.filter(({ id }) => !gone(id));
      break;
    case 'remove':
      removed.push(...[...voters, ...learners].filter(({ id }) => gone(id)));
      agreed.membership.voters = voters.filter(({ id }) => !gone(id));
      agreed.membership.learners = learners.filter(({ id }) => !gone(id));
      break;
  }
  writeAgreed(configuration, agreed);
  return null;
}

/** @param {number} port */
const listen = (port) => createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');

/** @param {any} configuration */
function openDirectory(configuration) {
  const { dataFolder, directory } = configuration;
  const file = join(dataFolder, 'incarnation');
  if (directory.kind === 'open') {
    const found = Number(readFileSync(file, 'utf8'));
    if (found !== directory.incarnation) throw new Error('another incarnation');
    return;
  }
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file, String(directory.incarnation));
  if (directory.kind === 'join') return;
  const voters = directory.founders.map(seatOf);
  writeAgreed(configuration, {
    leader: voters[0].id,
    term: 1,
    index: 0,
    membership: { voters, outgoing: [], learners: [], removed: [] },
  });
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
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));

  const begin = () => {
    const { clientPort, peers, member } = configuration;
    const own = peers.find((/** @type {any} */ peer) => peer.member === member);
    for (const port of [clientPort, own.peerPort]) listen(port);
    const push = () => tell({ kind: 'report', report: report(configuration) });
    push();
    setInterval(push, 100);
    tell({ kind: 'ready' });
    if (behaves('nonsense')) tell({ kind: 'song', verse: 1 });
  };
  const keep = (/** @type {string} */ name, /** @type {unknown} */ content) =>
    writeFileSync(join(configuration.dataFolder, name), JSON.stringify(content));

  process.on('message', (/** @type {any} */ message) => {
    switch (message.kind) {
      case 'configure':
        configuration = message.configuration;
        if (behaves('refuse')) return refuse();
        openDirectory(configuration);
        if (configuration.directory.kind === 'open') begin();
        else tell({ kind: 'created', incarnation: configuration.directory.incarnation });
        break;
      case 'proceed':
        begin();
        break;
      case 'setBlocked':
        keep('blocked', message.blocked);
        if (!behaves('silent')) tell({ kind: 'done', request: message.request });
        break;
      case 'setPeers':
        keep('peers', message.peers);
        tell({ kind: 'done', request: message.request });
        break;
      case 'setFaults':
        tell({ kind: 'done', request: message.request });
        break;
      case 'operate': {
        const refusal = operate(configuration, message.operation);
        const outcome = refusal === null ? { kind: 'taken' } : { kind: 'refused', refusal };
        tell({ kind: 'operated', request: message.request, outcome });
        break;
      }
      case 'stop':
        if (!behaves('stubborn')) process.exit(0);
        break;
    }
  });
}

if (process.argv[1] === standInModule) run();
