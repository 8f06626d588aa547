/**
 * Puts a member together from its parts, over ports. What happens between them is theirs: here is only
 * who knows whom.
 */
import type { Seat } from '../base/membership.ts';
import { DiskFailure } from '../ports/disk.ts';
import type { Wal } from '../wal/wal.ts';
import type { Origin } from '../zk/command.ts';
import { Applier } from './applier.ts';
import { Barriers } from './clients/barriers.ts';
import { Clients } from './clients/clients.ts';
import type { ReplicaConfig, ReplicaPorts } from './config.ts';
import { ConsensusDriver } from './driver.ts';
import { Fence } from './fence.ts';
import { Forwarder } from './forwarding/forwarder.ts';
import { Intake } from './forwarding/intake.ts';
import { Leadership } from './leadership.ts';
import { LogReader } from './log-reader.ts';
import { Desk } from './peers/desk.ts';
import { Links } from './peers/links.ts';
import { Post } from './peers/post.ts';
import { Roster } from './peers/roster.ts';
import { Compaction } from './snapshots/compaction.ts';
import { Snapshots } from './snapshots/snapshots.ts';
import type { Memory } from './start.ts';
import { Checkpoints } from './upkeep/checkpoints.ts';
import { Chores } from './upkeep/chores.ts';
import { DiskWatch } from './upkeep/disk-watch.ts';
import { Eligibility } from './upkeep/eligibility.ts';
import { SessionClock } from './upkeep/session-clock.ts';
import { SlowDisk } from './upkeep/slow-disk.ts';
import { Vitals } from './vitals.ts';

/** What concerns the member as a whole. */
export interface PartsHost {
  /** It diverged, and serves nobody from now on. */
  fenced(): void;
  /** Another member says that this very directory was given up. */
  removed(): void;
  /** The log says that this very directory was given up. */
  ownRemovalApplied(): void;
  /** The disk failed for good. */
  diskGaveUp(failure: DiskFailure): void;
}

export type Parts = ReturnType<typeof assemble>;

/** A member's parts, joined; nothing happens before the first tick, message or client. */
export function assemble(
  ports: ReplicaPorts,
  config: ReplicaConfig,
  { memory, host }: { readonly memory: Memory; readonly host: PartsHost },
) {
  const ground = layGround(ports, config, memory);
  const { clock, trace } = ports;
  const { consensus, wal, clients } = ground;
  const guards = placeGuards(ground, { config, host, driver: () => driver });
  const driver: ConsensusDriver = new ConsensusDriver({
    consensus,
    wal,
    clock,
    host: {
      send: (to, message) => ground.post.send(to, { kind: 'consensus', message }),
      apply: (entry) => upkeep.applier.apply(entry),
      appliedUpTo: (index) => {
        forwarding.barriers.applied(index);
        clients.resume();
      },
      readAnswered: (outcome) => forwarding.barriers.answered(outcome),
      statusChanged: (status) => upkeep.leadership.statusChanged(status),
      snapshotOffered: (offer) => upkeep.snapshots.offered(offer),
      persisted: (durationMs) => {
        ground.vitals.persisted(durationMs);
        guards.slowDisk.persisted(durationMs);
      },
      diskFailed: (failure) => guards.diskWatch.failed(failure),
      diskRecovered: () => guards.diskWatch.recovered(),
    },
  });
  const forwarding = joinForwarding(ground, driver);
  const upkeep = joinUpkeep({ ...ground, ...guards, ...forwarding, driver }, { config, host });
  const known = { ...ground, ...guards, ...forwarding, ...upkeep, driver };
  const desk = new Desk({ ...known, removed: () => host.removed() });
  const chores = new Chores({ ...known, trace, tickMs: config.tickMs });
  return { ...known, desk, chores };
}

/** What depends on nothing but the ports and the memory. */
function layGround(
  { clock, trace, network, createConsensus }: ReplicaPorts,
  { member, removed, tickMs }: ReplicaConfig,
  { store, opened }: Memory,
) {
  const { wal, identity, life, restored, snapshots: files } = opened;
  const self: Seat = { id: member, incarnation: identity.incarnation };
  const origin: Origin = { member, incarnation: identity.incarnation, life };
  const consensus = createConsensus(restored);
  const roster = new Roster({ self, removed, clock, committed: () => store.membership });
  const post = new Post({ self: member, network, roster });
  return {
    clock,
    trace,
    network,
    store,
    wal,
    files,
    self,
    origin,
    consensus,
    roster,
    post,
    links: new Links({ clock, post }),
    vitals: new Vitals(),
    clients: new Clients(),
    sessionClock: new SessionClock({ tickMs }),
    logReader: new LogReader({ member, consensus, restored, store }),
  };
}

type Ground = ReturnType<typeof layGround>;

/** What keeps a member from leading or serving. */
function placeGuards(
  { clock, trace, wal }: Ground,
  {
    config,
    host,
    driver,
  }: { readonly config: ReplicaConfig; readonly host: PartsHost; readonly driver: () => ConsensusDriver },
) {
  const eligibility = new Eligibility({ changed: (may) => void driver().step({ kind: 'leadership', may }) });
  const gaveUp = (failure: DiskFailure): void => host.diskGaveUp(failure);
  return {
    fence: new Fence({ wal, trace, eligibility, raised: () => host.fenced() }),
    diskWatch: new DiskWatch({ clock, trace, eligibility, gaveUp }),
    slowDisk: new SlowDisk({ limitMs: config.settings.slowDiskMs, clock, trace, eligibility }),
  };
}

type Guards = ReturnType<typeof placeGuards>;

/** The way of a client's request to the leader, and of a read to the leader's confirmation. */
function joinForwarding(ground: Ground, driver: ConsensusDriver) {
  const { clock, origin, consensus, post } = ground;
  const propose = (payloads: readonly Uint8Array[]) => driver.step({ kind: 'proposed', payloads }) === null;
  return {
    forwarder: new Forwarder({ origin, term: consensus.status().term, clock, post }),
    intake: new Intake({ ...ground, propose }),
    barriers: new Barriers({ clock, request: (id) => void driver.step({ kind: 'readRequested', id }) }),
  };
}

type Forwarding = ReturnType<typeof joinForwarding>;

/** Snapshots, digests, and what follows from entries and from roles. */
function joinUpkeep(
  ground: Ground & Guards & Forwarding & { readonly driver: ConsensusDriver },
  { config, host }: { readonly config: ReplicaConfig; readonly host: PartsHost },
) {
  const { self, trace, post, wal, driver, roster, fence } = ground;
  const settings = config.settings.snapshots;
  const compaction = new Compaction({ ...ground, settings });
  const snapshots: Snapshots = new Snapshots({
    ...ground,
    settings,
    host: {
      taken: (point) => compaction.taken(point, snapshots.held),
      install: (point, loaded, done) =>
        driver.install(point, { replace: () => applier.replace(loaded), done }),
    },
  });
  const checkpoints = new Checkpoints({
    ...ground,
    announce: (message) => post.announce(message),
    diverged: (member, index) => {
      trace.emit('error', 'diverged', { member, index });
      if (member === self.id) fence.raise(index);
    },
  });
  const leadership = new Leadership({
    ...ground,
    repaired: () => {
      trace.emit('info', 'repaired');
      forgetDamage(wal);
    },
  });
  const applier: Applier = new Applier({
    ...ground,
    checkpoints,
    snapshots,
    noopApplied: (noop) => leadership.noopApplied(noop),
    membershipApplied: (entry) => {
      leadership.membershipApplied(entry);
      if (roster.selfWasRemoved) host.ownRemovalApplied();
    },
  });
  return { snapshots, checkpoints, leadership, applier };
}

/** Where the disk refuses, the next start repairs once more: that is safe, and takes a moment. */
function forgetDamage(wal: Wal): void {
  try {
    wal.repaired();
  } catch (failure) {
    if (!(failure instanceof DiskFailure)) throw failure;
  }
}
