/** Members over virtual time for tests, without faults but those the test makes. */

import { defaultSettings, type EnsembleSettings } from '../../api/settings.ts';
import { assert } from '../../base/assert.ts';
import { clusterId, type MemberId } from '../../base/ids.ts';
import { emptyMembership, type Membership } from '../../base/membership.ts';
import type { Trace } from '../../ports/trace.ts';
import { SimEnsemble } from '../../sim/ensemble.ts';
import type { SimMember } from '../../sim/member.ts';
import { type Direction, SimNetwork } from '../../sim/network.ts';
import { createSeededRandom } from '../../sim/random.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { SimTrace } from '../../sim/trace.ts';
import type { Replica } from '../replica.ts';
import { TestClient } from './test-client.ts';

/** Virtual time in which members without faults elect a leader and take up service. */
const settleMs = 2_000;

/** First byte of a frame that carries a piece of a snapshot (peers/peer-message.ts). */
const snapshotChunkKind = 9;

/** Judges nothing: a test may want a member to diverge. */
class PlainTrace extends SimTrace {
  override of(member: MemberId): Trace {
    return {
      emit: (level, event, facts = {}) => {
        const told = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);
        this.say([`${member}:`, level, event, ...told].join(' '));
      },
    };
  }
}

export class VirtualEnsemble {
  readonly scheduler = new Scheduler();
  readonly network: SimNetwork;
  readonly ensemble: SimEnsemble;
  readonly lines: string[] = [];
  /** Of snapshots, between members. */
  snapshotBytesSent = 0;

  constructor(size: number, settings: Partial<EnsembleSettings> = {}) {
    const random = createSeededRandom('virtual ensemble');
    const { scheduler } = this;
    this.network = new SimNetwork({
      scheduler,
      random: random.fork('network'),
      behaviour: { delayMinMs: 1, delayMaxMs: 1, loss: 0, duplication: 0 },
      observe: (_from, _to, frame) => {
        if (frame[0] === snapshotChunkKind) this.snapshotBytesSent += frame.length;
      },
    });
    const trace = new PlainTrace({ scheduler, keep: (line) => this.lines.push(line) });
    this.ensemble = new SimEnsemble(
      size,
      {
        cluster: clusterId(1),
        tickMs: 10,
        scheduler,
        network: this.network,
        trace,
        settings: { ...defaultSettings, ...settings },
        stepped: (_, { consensus }) => consensus.checkInvariants(),
        gone: () => undefined,
      },
      { random: random.fork('members'), membership: () => this.#membership() },
    );
    this.run(settleMs);
  }

  get members(): readonly SimMember[] {
    return this.ensemble.members;
  }

  /** Lets virtual time pass. */
  run(durationMs: number): void {
    const untilMs = this.scheduler.nowMs + durationMs;
    while (this.scheduler.runNext(untilMs));
  }

  /** Lets virtual time pass until this holds, for a minute at most. */
  until(what: string, holds: () => boolean): void {
    for (let waitedMs = 0; !holds(); waitedMs += 10) {
      assert(waitedMs < 60_000, `not within a minute: ${what}`, { lines: this.lines.slice(-20).join('\n') });
      this.run(10);
    }
  }

  member(id: MemberId): SimMember {
    return this.ensemble.member(id);
  }

  replica(id: MemberId): Replica {
    const { replica } = this.member(id);
    assert(replica !== null, 'the member runs', { id });
    return replica;
  }

  get leader(): MemberId {
    const { leader } = this.ensemble;
    assert(leader !== null, 'there is a leader');
    return leader.member.id;
  }

  /** Somebody who does not lead. */
  get follower(): MemberId {
    const follower = this.members.find(({ id }) => id !== this.leader);
    assert(follower !== undefined, 'there is a follower');
    return follower.id;
  }

  /** Cuts a member from all others, both ways, until the returned function is called. */
  isolate(id: MemberId): () => void {
    const links = this.members
      .filter((other) => other.id !== id)
      .flatMap((other): Direction[] => [
        [id, other.id],
        [other.id, id],
      ]);
    return this.network.cut(links);
  }

  /** Whether all that run and belong have applied the same, and hold the same. */
  get agreed(): boolean {
    const stores = this.ensemble.seated.flatMap(({ replica }) => (replica === null ? [] : [replica.store]));
    const [first] = stores;
    return stores.every(
      (store) => store.appliedIndex === first?.appliedIndex && store.digest() === first.digest(),
    );
  }

  /** Events that members told of, by name. */
  told(event: string): readonly string[] {
    return this.lines.filter((line) => line.split(' ')[3] === event);
  }

  /** Who belongs, as the member that has applied most knows it. */
  #membership(): Membership {
    let newest: Replica['store'] | null = null;
    for (const { replica } of this.members) {
      if (replica !== null && replica.store.appliedIndex >= (newest?.appliedIndex ?? 0))
        newest = replica.store;
    }
    return newest?.membership ?? emptyMembership;
  }

  /** A client's connection to a member, nothing said yet. */
  client(id: MemberId): TestClient {
    return new TestClient(this.replica(id));
  }

  /** A client with an open session. */
  openSession(id: MemberId, hello: Parameters<TestClient['connect']>[0] = {}): TestClient {
    const client = this.client(id);
    client.connect(hello);
    this.run(200);
    assert(client.welcome !== null, 'the session is open');
    return client;
  }
}
