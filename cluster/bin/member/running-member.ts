/** A member at work in its own process: the replica over real ports. */
import type { MemberReport } from '../../api/ensemble.ts';
import type { LogPage } from '../../api/log.ts';
import { clusterId, type MemberId, memberId } from '../../base/ids.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { Scope } from '../../base/scope.ts';
import { wrapNetwork } from '../../fault/network-faults.ts';
import { serveClients } from '../../node/client-server.ts';
import { createClock } from '../../node/clock.ts';
import { createPeerNetwork } from '../../node/peer-network.ts';
import { createRandom } from '../../node/random.ts';
import type { Consensus, RestoredLog } from '../../ports/consensus.ts';
import type { Disk } from '../../ports/disk.ts';
import type { Network } from '../../ports/network.ts';
import type { Trace } from '../../ports/trace.ts';
import { createRaft } from '../../raft/engine.ts';
import { createReplica, type Replica } from '../../replica/replica.ts';
import type { BlockedLinks, MemberConfiguration } from '../../supervisor/member-messages.ts';
import { watchLoopLag } from './loop-lag.ts';
import { dataRefused, diskFailed, portTaken, type Refusal } from './refusal.ts';

/** The unit of every timeout of consensus and sessions. */
const tickMs = 10;
/** Longest random delay of a campaign at the start, and once the leader's process is known to be gone. */
const fastCampaignMaxMs = 30;

export interface RunningMember {
  report(): MemberReport;
  readLog(range: { readonly from: number | null; readonly count: number }): LogPage;
  setBlocked(blocked: BlockedLinks): void;
  /** Ends the clients' connections and closes everything. */
  stop(): Promise<void>;
}

export interface MemberSurroundings {
  readonly disk: Disk;
  readonly trace: Trace;
  /** The member cannot go on. Called once. */
  readonly onFatal: (refusal: Refusal) => void;
}

/** Opens the ports and the log. When it fails, nothing is left open. */
export async function runMember(
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
  { disk, trace, onFatal }: MemberSurroundings,
  scope: Scope,
): Promise<Result<RunningMember, Refusal>> {
  const peers = await openPeerNetwork(configuration, trace);
  if (!peers.ok) return peers;
  scope.add(peers.value.stop);
  const faults = wrapNetwork(peers.value.network);
  faults.setBlocked(idsOf(configuration.blocked));

  const created = createReplica(
    {
      clock: createClock(),
      random: createRandom(),
      disk,
      network: faults.network,
      trace,
      createConsensus: (restored) => createEngine(configuration, restored),
    },
    {
      cluster: clusterId(configuration.clusterId),
      member: memberId(configuration.member),
      members: configuration.peers.map((peer) => memberId(peer.member)),
      tickMs,
      clientPort: configuration.clientPort,
      dataFolder: configuration.dataFolder,
    },
    (fatal) => onFatal(diskFailed(fatal)),
  );
  if (!created.ok) return fail(dataRefused(configuration.dataFolder, created.error));
  const replica = created.value;
  scope.add(() => replica.stop());

  const clients = await openClientPort(configuration.clientPort, { replica, trace });
  if (!clients.ok) return clients;
  scope.add(clients.value.stop);
  return ok(runningMember(replica, { setBlocked: faults.setBlocked, scope }));
}

function runningMember(
  replica: Replica,
  parts: { readonly setBlocked: (links: ReturnType<typeof idsOf>) => void; readonly scope: Scope },
): RunningMember {
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
    stop: () => parts.scope.close(),
  };
}

function createEngine(configuration: MemberConfiguration, restored: RestoredLog): Consensus {
  const random = createRandom();
  const { heartbeatMs, electionMinMs, electionMaxMs } = configuration.timing;
  return createRaft({
    id: memberId(configuration.member),
    voters: configuration.peers.map((peer) => memberId(peer.member)),
    random: (limit) => random.below(limit),
    timing: {
      heartbeatTicks: ticks(heartbeatMs),
      electionTicksMin: ticks(electionMinMs),
      electionTicksMax: ticks(electionMaxMs),
      fastCampaignTicksMax: ticks(fastCampaignMaxMs),
    },
    preVote: 'on',
    checkQuorum: 'on',
    firstCampaign: 'soon',
    restored,
  });
}

function ticks(durationMs: number): number {
  return Math.max(1, Math.round(durationMs / tickMs));
}

async function openPeerNetwork(
  configuration: MemberConfiguration,
  trace: Trace,
): Promise<Result<{ readonly network: Network; readonly stop: () => Promise<void> }, Refusal>> {
  const listenPort = configuration.peers.find(({ member }) => member === configuration.member)?.peerPort ?? 0;
  const others = configuration.peers.filter(({ member }) => member !== configuration.member);
  try {
    const opened = await createPeerNetwork({
      identity: {
        cluster: clusterId(configuration.clusterId),
        self: memberId(configuration.member),
        secret: Buffer.from(configuration.secret, 'hex'),
      },
      listenPort,
      peers: others.map(({ member, peerPort }) => ({ id: memberId(member), port: peerPort })),
      trace,
    });
    return ok(opened);
  } catch (failure) {
    return fail(portTaken(listenPort, messageOf(failure)));
  }
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
