/** The members' processes of an ensemble, as a set that can grow and shrink while it works. */
import type { MemberView } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import { ok, type Result } from '../base/result.ts';
import { type DiskFaults, noDiskFaults } from '../fault/disk-faults.ts';
import { memberFolders } from './data-folder.ts';
import { Member } from './member.ts';
import { configurationOf, peersOf, removedSeatsOf, viewOf } from './member-facts.ts';
import type { BlockedLinks } from './member-messages.ts';
import { noBlockedLinks } from './partition.ts';
import type { Roster } from './roster.ts';
import type { SpawnPort } from './spawn-port.ts';
import { startRefusal } from './start-refusal.ts';
import type { NewEvent } from './timeline.ts';

export interface CrewOptions {
  readonly spawn: SpawnPort;
  readonly memberModule: string;
  readonly roster: Roster;
  /** A process made its data directory, as this incarnation, and waits. */
  readonly created: (id: number, incarnation: number) => void;
  readonly changed: () => void;
  readonly event: (event: NewEvent) => void;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #members = new Map<number, Member>();
  readonly #blocked = new Map<number, BlockedLinks>();
  /** Members whose disk was told to misbehave. */
  readonly #spoiled = new Set<number>();
  /** Members whose directory may be made now. */
  readonly #making = new Set<number>();
  #closed = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    for (const { id } of options.roster.record.members) this.enlist(id);
  }

  get(id: number): Member | null {
    return this.#members.get(id) ?? null;
  }

  get ids(): readonly number[] {
    return [...this.#members.keys()];
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  views(): MemberView[] {
    return this.members.map((member) => viewOf(member, this.#context(member.id)));
  }

  /** Takes in a member of the record; it is not started. */
  enlist(id: number): Member {
    const folders = memberFolders(this.#options.roster.path, id);
    const member = new Member(id, folders, {
      spawn: this.#options.spawn,
      memberModule: this.#options.memberModule,
      configuration: () => configurationOf(id, this.#context(id)),
      refusal: () => startRefusal(this.#options.roster, { id, making: this.#making.has(id) }),
      created: (incarnation) => this.#options.created(id, incarnation),
      changed: this.#options.changed,
      event: this.#options.event,
    });
    this.#members.set(id, member);
    if (this.#closed) void member.close();
    return member;
  }

  /** Allows a member's process to make its data directory. */
  mayMake(id: number): void {
    this.#making.add(id);
  }

  /** The directory is made and on record. */
  made(id: number): void {
    this.#making.delete(id);
    this.get(id)?.proceed();
  }

  /** Ends a member's process, if it runs, and forgets the member. */
  async dismiss(id: number): Promise<void> {
    await this.get(id)?.close();
    this.#members.delete(id);
    this.#blocked.delete(id);
    this.#spoiled.delete(id);
    this.#options.changed();
  }

  /** Tells every running member the addresses and the seats given up, as they are on record now. */
  introduce(): Promise<Result<null, ApiError>> {
    const { record } = this.#options.roster;
    const known = { peers: peersOf(record), removed: removedSeatsOf(record) };
    return firstFailure(
      this.members.map((member) => member.tell((request) => ({ kind: 'setPeers', request, ...known }))),
    );
  }

  /** Cuts exactly these links; members that are not named have none. Holds over restarts. */
  block(blocked: ReadonlyMap<number, BlockedLinks>): Promise<Result<null, ApiError>> {
    this.#blocked.clear();
    return firstFailure(
      this.members.map((member) => this.cut(member, blocked.get(member.id) ?? noBlockedLinks)),
    );
  }

  /** Cuts these links of one member and leaves the others as they are. */
  cut(member: Member, blocked: BlockedLinks): Promise<Result<null, ApiError>> {
    this.#blocked.set(member.id, blocked);
    this.#options.changed();
    return member.tell((request) => ({ kind: 'setBlocked', request, blocked }));
  }

  /** Sets the faults of one member's disk. They end with its process. */
  spoil(member: Member, disk: DiskFaults): Promise<Result<null, ApiError>> {
    this.#spoiled.add(member.id);
    return member.tell((request) => ({ kind: 'setFaults', request, disk }));
  }

  /** Every disk works as it should again. */
  mend(): Promise<Result<null, ApiError>> {
    const spoiled = this.members.filter(({ id }) => this.#spoiled.has(id));
    const mended = firstFailure(spoiled.map((member) => this.spoil(member, noDiskFaults)));
    this.#spoiled.clear();
    return mended;
  }

  /** Ends every process for good, also of members that are enlisted from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.members.map((member) => member.close()));
  }

  #blockedAt(id: number): BlockedLinks {
    return this.#blocked.get(id) ?? noBlockedLinks;
  }

  #context(id: number): Parameters<typeof viewOf>[1] {
    const { path, record } = this.#options.roster;
    return { dataFolder: path, record, blocked: this.#blockedAt(id) };
  }
}

async function firstFailure(
  answers: readonly Promise<Result<null, ApiError>>[],
): Promise<Result<null, ApiError>> {
  return (await Promise.all(answers)).find((answer) => !answer.ok) ?? ok(null);
}
