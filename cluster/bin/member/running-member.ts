/** A member at work in its own process: the replica over real ports. */
import type { MemberReport } from '../../api/ensemble.ts';
import type { LogPage } from '../../api/log.ts';
import { unreachable } from '../../base/assert.ts';
import { clusterId, type Incarnation, type MemberId, memberId } from '../../base/ids.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { Scope } from '../../base/scope.ts';
import { type DiskFaults, wrapDisk } from '../../fault/disk-faults.ts';
import { wrapNetwork } from '../../fault/network-faults.ts';
import { serveClients } from '../../node/client-server.ts';
import { createClock } from '../../node/clock.ts';
import { createPeerNetwork, type OpenPeerNetwork } from '../../node/peer-network.ts';
import type { PeerAddress } from '../../node/peer-sender.ts';
import { createRandom } from '../../node/random.ts';
import type { Trace } from '../../ports/trace.ts';
import type { Operation } from '../../replica/operations.ts';
import { createReplica, type Replica } from '../../replica/replica.ts';
import type { LoadProgress } from '../../replica/snapshots/loading.ts';
import type { BlockedLinks, MemberConfiguration } from '../../supervisor/member-messages.ts';
import type {
  MemberOperationRequest,
  OperationOutcome,
  Peer,
  SeatRecord,
} from '../../supervisor/member-operations.ts';
import { type Directory, seatOf } from './directory.ts';
import { createEngine, tickMs } from './engine.ts';
import { whenThereIsRoom } from './full-disk.ts';
import { watchLoopLag } from './loop-lag.ts';
import { dataRefused, ended, portTaken, type Refusal } from './refusal.ts';

export interface RunningMember {
  report(): MemberReport;
  readLog(range: { readonly from: number | null; readonly count: number }): LogPage;
  setBlocked(blocked: BlockedLinks): void;
  setPeers(peers: readonly Peer[], removed: readonly SeatRecord[]): void;
  setDiskFaults(faults: DiskFaults): void;
  operate(operation: MemberOperationRequest): OperationOutcome;
  /** Hands leadership over, ends the clients' connections and closes everything. */
  stop(): Promise<void>;
}

export interface MemberSurroundings {
  readonly directory: Directory;
  readonly trace: Trace;
  /** The member cannot go on. Called once. */
  readonly onFatal: (refusal: Refusal) => void;
  /** A snapshot is being loaded, before anything else works. */
  readonly onLoading: (progress: LoadProgress) => void;
}

/** Opens the ports and the log, waiting a while for room on a full disk. When it fails, nothing is left open. */
export function runMember(
  configuration: MemberConfiguration,
  surroundings: MemberSurroundings,
): Promise<Result<RunningMember, Refusal>> {
  const { trace } = surroundings;
  return whenThereIsRoom(() => attempt(configuration, surroundings), {
    clock: createClock(),
    trace,
    member: configuration.member,
  });
}

async function attempt(
  configuration: MemberConfiguration,
  surroundings: MemberSurroundings,
): Promise<Result<RunningMember, Refusal>> {
  const scope = new Scope();
  const started = await start(configuration, surroundings, scope);
  if (!started.ok) await scope.close();
  return started;
}

async function start(
  configuration: MemberConfiguration,
  { directory, trace, onFatal, onLoading }: MemberSurroundings,
  scope: Scope,
): Promise<Result<RunningMember, Refusal>> {
  const { dataFolder, clientPort, settings, removed } = configuration;
  const peers = await openPeerNetwork(configuration, { incarnation: directory.incarnation, trace });
  if (!peers.ok) return peers;
  scope.add(peers.value.stop);
  const links = wrapNetwork(peers.value.network);
  links.setBlocked(idsOf(configuration.blocked));
  const clock = createClock();
  const storage = wrapDisk(directory.disk, clock);

  const created = createReplica(
    {
      clock,
      random: createRandom(),
      disk: storage.disk,
      network: links.network,
      trace,
      createConsensus: (restored) => createEngine(configuration, directory.incarnation, restored),
    },
    {
      cluster: clusterId(configuration.clusterId),
      member: memberId(configuration.member),
      removed: removed.map(seatOf),
      settings,
      tickMs,
      clientPort,
      dataFolder,
    },
    { fatal: (fatal) => onFatal(ended(fatal)), loading: onLoading },
  );
  if (!created.ok) return fail(dataRefused(dataFolder, created.error));
  const replica = created.value;
  scope.add(() => replica.stop());

  const clients = await openClientPort(clientPort, { replica, trace });
  if (!clients.ok) return clients;
  scope.add(clients.value.stop);
  const { setBlocked } = links;
  return ok(runningMember({ replica, scope, setBlocked, storage, setPeers: peers.value.setPeers }));
}

interface RunningParts {
  readonly replica: Replica;
  readonly scope: Scope;
  readonly setBlocked: (links: ReturnType<typeof idsOf>) => void;
  readonly storage: { readonly setFaults: (faults: DiskFaults) => void };
  readonly setPeers: OpenPeerNetwork['setPeers'];
}

function runningMember(parts: RunningParts): RunningMember {
  const { replica } = parts;
  const loopLag = watchLoopLag();
  return {
    report: () => ({
      ...replica.report(),
      loopLagMs: loopLag.takeMaxMs(),
      memoryBytes: process.memoryUsage.rss(),
    }),
    readLog: ({ from, count }) => {
      const first = from ?? Math.max(1, replica.status.last - count + 1);
      return replica.readLog({ from: first, count });
    },
    setBlocked: (blocked) => parts.setBlocked(idsOf(blocked)),
    setPeers: (peers, removed) => {
      parts.setPeers(peers.map(addressOf));
      replica.setRemoved(removed.map(seatOf));
    },
    setDiskFaults: (faults) => parts.storage.setFaults(faults),
    operate: (operation) => {
      const begun = replica.request(operationOf(operation));
      return begun.ok ? { kind: 'taken' } : { kind: 'refused', refusal: begun.error };
    },
    stop: () => parts.scope.close(),
  };
}

function operationOf(operation: MemberOperationRequest): Operation {
  switch (operation.kind) {
    case 'transfer':
      return { kind: 'transfer', to: operation.to === null ? null : memberId(operation.to) };
    case 'campaign':
    case 'snapshot':
      return operation;
    case 'addLearner':
      return { kind: 'changeMembership', change: { kind: 'addLearner', seat: seatOf(operation.seat) } };
    case 'promote':
    case 'remove': {
      const ids = operation.members.map(memberId);
      return { kind: 'changeMembership', change: { kind: operation.kind, ids } };
    }
    default:
      return unreachable(operation);
  }
}

async function openPeerNetwork(
  configuration: MemberConfiguration,
  { incarnation, trace }: { readonly incarnation: Incarnation; readonly trace: Trace },
): Promise<Result<OpenPeerNetwork, Refusal>> {
  const listenPort = configuration.peers.find(({ member }) => member === configuration.member)?.peerPort ?? 0;
  try {
    const opened = await createPeerNetwork({
      identity: {
        cluster: clusterId(configuration.clusterId),
        self: memberId(configuration.member),
        incarnation,
        secret: Buffer.from(configuration.secret, 'hex'),
      },
      listenPort,
      peers: configuration.peers.map(addressOf),
      trace,
    });
    return ok(opened);
  } catch (failure) {
    return fail(portTaken(listenPort, messageOf(failure)));
  }
}

function addressOf({ member, peerPort }: Peer): PeerAddress {
  return { id: memberId(member), port: peerPort };
}

async function openClientPort(
  port: number,
  { replica, trace }: { readonly replica: Replica; readonly trace: Trace },
): Promise<Result<{ readonly stop: () => Promise<void> }, Refusal>> {
  try {
    return ok(await serveClients({ port, trace, accept: (link) => replica.accept(link) }));
  } catch (failure) {
    return fail(portTaken(port, messageOf(failure)));
  }
}

function idsOf(blocked: BlockedLinks): {
  readonly to: readonly MemberId[];
  readonly from: readonly MemberId[];
} {
  return { to: blocked.to.map(memberId), from: blocked.from.map(memberId) };
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
