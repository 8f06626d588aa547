/**
 * The ensemble's znodes for the console's clients, through one ordinary ZooKeeper session that they
 * share. It outlives any member; every operation ends within `consoleOperationMs` twice over.
 */
import type { ApiError } from '../api/errors.ts';
import type { ChildrenWatch, ZnodeWatch } from '../api/znode.ts';
import { consoleOperationMs, sessionTimeoutMinMs } from '../base/limits.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { StopAsync } from '../base/scope.ts';
import { createZkClient, openAcl, type ZkClient } from '../client/client.ts';
import type { ZkFailure } from '../client/failure.ts';
import { ChildrenPages } from './children-pages.ts';
import type { Outcome, Znodes } from './ports.ts';
import { hasQuorum, type QuorumSource, untilQuorum } from './quorum.ts';
import { watchValue } from './watch-loop.ts';
import { decodeBytes, encodeBytes, statView } from './znode-convert.ts';
import { noQuorum, noZnode, znodeFailure } from './znode-failures.ts';

/** Live values are read again at most this often. */
const valuePeriodMs = 100;
/** A list of children can have a hundred thousand names. */
const childrenPeriodMs = 500;
/** Whether a write that changed nothing, or a read, is tried again on another connection. */
const attemptsMax = 3;
/** The session is given up with the process anyway; nothing waits longer for it. */
const closeTimeoutMs = 500;

export interface OwnedZnodes extends Znodes {
  readonly close: StopAsync;
}

/** Starts the session; operations wait for it, within their deadline. */
export function createZnodes(options: {
  /** Who knows whether the ensemble can serve, and where. */
  readonly quorum: QuorumSource;
}): OwnedZnodes {
  let { connect } = options.quorum.view();
  const client = createZkClient({
    servers: connect,
    // The shortest allowed: a frozen member is left for another one after two thirds of it.
    sessionTimeoutMs: sessionTimeoutMinMs,
    requestTimeoutMs: consoleOperationMs,
    onExpiry: 'renew',
  });
  const unlisten = options.quorum.onChange(() => {
    const now = options.quorum.view().connect;
    // While nobody serves, the list is empty: the old one is as good as any.
    if (now === connect || now === '') return;
    connect = now;
    client.setServers(connect);
  });
  const pages = new ChildrenPages(client);
  const ask = createAsk(options.quorum);
  return {
    ...createReads(client, { ask, pages }),
    ...createWrites(client, ask),
    ...createWatches(client, ask),
    close: () => {
      unlisten();
      return closeSoon(client);
    },
  };
}

/** Runs one operation of the client at `path`, and says its failure in the API's words. */
type Ask = <Value>(
  path: string,
  operation: () => Promise<Result<Value, ZkFailure>>,
) => Promise<Result<Value, ApiError>>;

function createAsk(source: QuorumSource): Ask {
  return async (path, operation) => {
    if (!(await untilQuorum(source))) return fail(noQuorum(path));
    const startedMs = performance.now();
    let outcome = await operation();
    for (let attempt = 1; attempt < attemptsMax && mayRepeat(outcome); attempt += 1) {
      if (performance.now() - startedMs > consoleOperationMs) break;
      outcome = await operation();
    }
    return outcome.ok ? outcome : fail(znodeFailure(outcome.error, { quorum: hasQuorum(source.view()) }));
  };
}

/** The connection broke, and nothing was done. */
function mayRepeat(outcome: Result<unknown, ZkFailure>): boolean {
  if (outcome.ok || outcome.error.outcome !== 'notDone') return false;
  return outcome.error.code === 'connectionLoss' || outcome.error.code === 'sessionExpired';
}

function createReads(
  client: ZkClient,
  { ask, pages }: { readonly ask: Ask; readonly pages: ChildrenPages },
): Pick<Znodes, 'get' | 'stat' | 'acl' | 'children'> {
  return {
    async get({ path }) {
      const read = await ask(path, () => client.getData(path));
      if (!read.ok) return read;
      return ok({ path, stat: statView(read.value.stat), data: encodeBytes(read.value.data) });
    },
    async stat({ path }) {
      const read = await ask(path, () => client.exists(path));
      if (!read.ok) return read;
      return read.value === null ? fail(noZnode(path)) : ok({ path, stat: statView(read.value) });
    },
    async acl({ path }) {
      const read = await ask(path, () => client.getAcl(path));
      if (!read.ok) return read;
      return ok({ path, stat: statView(read.value.stat), acl: [...read.value.acl] });
    },
    children: (input) => ask(input.path, () => pages.page(input)),
  };
}

function createWrites(client: ZkClient, ask: Ask): Pick<Znodes, 'create' | 'set' | 'remove'> {
  return {
    async create({ path, data, mode, acl }) {
      const bytes = decodeBytes(data);
      const made = await ask(path, () => client.create({ path, data: bytes, mode, acl: acl ?? openAcl }));
      return made.ok ? ok({ path: made.value }) : made;
    },
    async set({ path, data, version }) {
      const bytes = decodeBytes(data);
      const set = await ask(path, () => client.setData({ path, data: bytes, version }));
      return set.ok ? ok({ path, stat: statView(set.value) }) : set;
    },
    remove: ({ path, version }) => ask(path, () => client.delete({ path, version })),
  };
}

function createWatches(client: ZkClient, ask: Ask): Pick<Znodes, 'watchZnode' | 'watchChildren'> {
  async function readZnode(path: string, changed: () => void): Outcome<ZnodeWatch> {
    const read = await ask(path, () => client.getData(path, changed));
    if (read.ok) {
      const { stat, data } = read.value;
      return ok({ kind: 'present', value: { path, stat: statView(stat), data: encodeBytes(data) } });
    }
    return read.error.code === 'noNode' ? untilCreated(path, changed) : read;
  }

  async function readChildren(path: string, changed: () => void): Outcome<ChildrenWatch> {
    const read = await ask(path, () => client.getChildrenWithStat(path, changed));
    if (read.ok) {
      const { stat, names } = read.value;
      return ok({ kind: 'present', path, stat: statView(stat), total: names.length });
    }
    return read.error.code === 'noNode' ? untilCreated(path, changed) : read;
  }

  /** Only `exists` leaves a watch on what is not there. */
  async function untilCreated(
    path: string,
    changed: () => void,
  ): Outcome<{ readonly kind: 'absent'; readonly path: string }> {
    const found = await ask(path, () => client.exists(path, changed));
    if (!found.ok) return found;
    // Created in between: the watch is on its data now, so nothing would tell of its children.
    if (found.value !== null) changed();
    return ok({ kind: 'absent', path });
  }

  return {
    watchZnode: (path, listener) =>
      watchValue((changed) => readZnode(path, changed), { listener, periodMs: valuePeriodMs }),
    watchChildren: (path, listener) =>
      watchValue((changed) => readChildren(path, changed), { listener, periodMs: childrenPeriodMs }),
  };
}

async function closeSoon(client: ZkClient): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<void>((settle) => {
    timer = setTimeout(settle, closeTimeoutMs);
  });
  await Promise.race([client.close(), late]);
  if (timer !== null) clearTimeout(timer);
}
