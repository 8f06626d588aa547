/** All simulated machines of a run: the founders, and those that an operator adds later. */
import { assert } from '../base/assert.ts';
import { type ClusterId, type MemberId, memberId } from '../base/ids.ts';
import { byId, type Membership, type Seat, seatsOf } from '../base/membership.ts';
import type { Replica } from '../replica/replica.ts';
import { drawSeat, makeDirectory } from './directory.ts';
import { type MemberOptions, SimMember } from './member.ts';
import type { SeededRandom } from './random.ts';

export class SimEnsemble {
  readonly #members = new Map<MemberId, SimMember>();
  #list: readonly SimMember[] = [];
  readonly #shared: Omit<MemberOptions, 'directory' | 'random'>;
  readonly #random: SeededRandom;
  readonly #membership: () => Membership;
  #directories = 0;

  constructor(
    founders: number,
    shared: Omit<MemberOptions, 'directory' | 'random'>,
    { random, membership }: { readonly random: SeededRandom; readonly membership: () => Membership },
  ) {
    this.#membership = membership;
    this.#shared = shared;
    this.#random = random;
    const seats = Array.from({ length: founders }, (_, at) => this.#drawSeat(memberId(at + 1)));
    const voters = [...seats].sort(byId);
    const founding: Membership = { voters, outgoing: [], learners: [], removed: [] };
    for (const seat of seats) this.#add(seat, founding).start();
  }

  get cluster(): ClusterId {
    return this.#shared.cluster;
  }

  /** Every machine, whether it belongs to the ensemble today or not. */
  get members(): readonly SimMember[] {
    return this.#list;
  }

  member(id: MemberId): SimMember {
    const member = this.#members.get(id);
    assert(member !== undefined, 'no such machine', { id });
    return member;
  }

  /** The process that leads in the newest term, if one does. */
  get leader(): { readonly member: SimMember; readonly replica: Replica } | null {
    let best: { readonly member: SimMember; readonly replica: Replica } | null = null;
    for (const member of this.#members.values()) {
      const { replica } = member;
      if (replica === null || member.paused || replica.status.role !== 'leader') continue;
      if (best === null || replica.status.term > best.replica.status.term) best = { member, replica };
    }
    return best;
  }

  /** Who belongs to the ensemble, by what is committed. */
  get membership(): Membership {
    return this.#membership();
  }

  /** The machines whose present directory has a seat. */
  get seated(): readonly SimMember[] {
    const seats = seatsOf(this.membership);
    return this.members.filter(({ seat }) =>
      seats.some(({ id, incarnation }) => id === seat.id && incarnation === seat.incarnation),
    );
  }

  /** A machine with an empty directory that waits to be taken in; not started. */
  addMachine(): SimMember {
    const id = memberId(Math.max(0, ...this.#members.keys()) + 1);
    return this.#add(this.#drawSeat(id), null);
  }

  /** Gives a machine another, empty directory: a new seat under the same id. */
  wipe(member: SimMember): void {
    member.replaceDirectory(this.#makeDirectory(this.#drawSeat(member.id), null));
  }

  /** How everyone is, for a message. */
  describe(): string {
    const seated = this.seated;
    return this.#list
      .map((member) => {
        const name = `${member.name}${seated.includes(member) ? '' : ' (no seat)'}`;
        const { replica } = member;
        if (replica === null) return `${name} ${member.state}`;
        const { role, term, last, persisted, commit, applied, repairing } = replica.status;
        const facts = { role, term, last, persisted, commit, applied, stored: replica.store.appliedIndex };
        const troubles = {
          repairing,
          fenced: replica.fenced,
          disk: replica.disk.kind,
          serving: replica.serving,
        };
        return `${name} ${JSON.stringify({ ...facts, ...troubles })}`;
      })
      .join('; ');
  }

  #add(seat: Seat, founding: Membership | null): SimMember {
    const random = this.#random.fork(`member ${seat.id}`);
    const member = new SimMember({ ...this.#shared, directory: this.#makeDirectory(seat, founding), random });
    this.#members.set(seat.id, member);
    this.#list = [...this.#members.values()];
    return member;
  }

  #drawSeat(id: MemberId): Seat {
    this.#directories += 1;
    return drawSeat(id, this.#random.fork(`directory ${this.#directories}`));
  }

  #makeDirectory(seat: Seat, founding: Membership | null) {
    return makeDirectory({
      seat,
      founding,
      cluster: this.#shared.cluster,
      scheduler: this.#shared.scheduler,
      random: this.#random.fork(`disk ${seat.incarnation}`),
    });
  }
}
