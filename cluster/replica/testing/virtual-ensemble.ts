/** Members over virtual time for tests, without faults but those the test makes. */
import { assert } from '../../base/assert.ts';
import { clusterId, type MemberId, memberId } from '../../base/ids.ts';
import { SimMember } from '../../sim/member.ts';
import { SimNetwork } from '../../sim/network.ts';
import { createSeededRandom } from '../../sim/random.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { SimTrace } from '../../sim/trace.ts';
import type { Replica } from '../replica.ts';
import { TestClient } from './test-client.ts';

/** Virtual time in which members without faults elect a leader and take up service. */
const settleMs = 2_000;

export class VirtualEnsemble {
  readonly scheduler = new Scheduler();
  readonly network: SimNetwork;
  readonly members: readonly SimMember[];
  readonly lines: string[] = [];

  constructor(size: number) {
    const random = createSeededRandom('virtual ensemble');
    const { scheduler } = this;
    this.network = new SimNetwork({
      scheduler,
      random: random.fork('network'),
      behaviour: { delayMinMs: 1, delayMaxMs: 1, loss: 0, duplication: 0 },
    });
    const ids = Array.from({ length: size }, (_, at) => memberId(at + 1));
    const trace = new SimTrace({ scheduler, keep: (line) => this.lines.push(line) });
    this.members = ids.map(
      (id) =>
        new SimMember({
          id,
          members: ids,
          cluster: clusterId(1),
          scheduler,
          network: this.network,
          random: random.fork(`member ${id}`),
          trace,
          stepped: (_, consensus) => consensus.checkInvariants(),
        }),
    );
    for (const member of this.members) member.start();
    this.run(settleMs);
  }

  /** Lets virtual time pass. */
  run(durationMs: number): void {
    const untilMs = this.scheduler.nowMs + durationMs;
    while (this.scheduler.runNext(untilMs));
  }

  replica(id: MemberId): Replica {
    const replica = this.members.find((member) => member.id === id)?.replica ?? null;
    assert(replica !== null, 'the member runs', { id });
    return replica;
  }

  get leader(): MemberId {
    const leader = this.members.find((member) => member.replica?.status.role === 'leader');
    assert(leader !== undefined, 'there is a leader');
    return leader.id;
  }

  /** Cuts a member from all others, both ways. */
  isolate(id: MemberId): void {
    for (const { id: other } of this.members) {
      if (other === id) continue;
      this.network.cut(id, other);
      this.network.cut(other, id);
    }
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
