/**
 * The supervisor: starts an ensemble from a data folder, one process per member, and lets the
 * operator stop, kill, pause, partition and bring back its members, and change who they are. Plain
 * Node; the process adapter comes in, so that the same code runs under Electron and from the command line.
 */
import { resolve } from 'node:path';
import type { ActionOutcome, ActionPlan, ActionRequest } from '../api/changes.ts';
import type { EnsembleView } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import type { LogPage } from '../api/log.ts';
import type { TimelineEvent } from '../api/timeline.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Stop } from '../base/scope.ts';
import type { DiskFaults } from '../fault/disk-faults.ts';
import { act, planAction } from './actions.ts';
import { agreedOf } from './change/agreed.ts';
import { Changes } from './change/changes.ts';
import type { ChangeEnvironment } from './change/environment.ts';
import { Crew } from './crew.ts';
import { memberFolders, openDataFolder } from './data-folder.ts';
import { EnsembleWatch } from './ensemble-watch.ts';
import { closing, invalidInput, memberRemoved, type StartError, unknownMember } from './failures.ts';
import type { FolderLock } from './folder-lock.ts';
import { Founding } from './founding.ts';
import { currentLeader } from './health.ts';
import { readLog } from './member-asks.ts';
import { connectString } from './member-facts.ts';
import type { BlockedLinks } from './member-messages.ts';
import { blockedByPartition } from './partition.ts';
import { type EnsembleWish, planAndSave } from './plan.ts';
import { endOrphan } from './process-record.ts';
import { Roster } from './roster.ts';
import type { SpawnPort } from './spawn-port.ts';
import { standingsAfter } from './standings.ts';
import { type NewEvent, Timeline } from './timeline.ts';

/** Looks at the members' silence this often; reports and exits are looked at when they come. */
const lookPeriodMs = 250;

export interface SupervisorOptions extends EnsembleWish {
  /** Absent: a new ensemble is founded in it. */
  readonly dataFolder: string;
  readonly spawn: SpawnPort;
  /** The script of a member: `dist/node/member.js`. */
  readonly memberModule: string;
}

export type MemberOperation = 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'restart';

/**
 * Opens the folder and starts every member at once. Settles when their processes run (and, for a new
 * ensemble, when every data directory is made); `untilHealthy` tells when they work together.
 */
export async function createSupervisor(options: SupervisorOptions): Promise<Result<Supervisor, StartError>> {
  const folder = openDataFolder(resolve(options.dataFolder));
  if (!folder.ok) return folder;
  const { path, lock, record } = folder.value;
  // Before ports are planned: a member that outlived its supervisor still holds its own.
  const earlier = record?.members ?? [];
  await Promise.all(earlier.map(({ id }) => endOrphan(memberFolders(path, id).processFile)));
  const planned = await planAndSave(folder.value, options);
  if (!planned.ok) {
    lock.release();
    return planned;
  }
  const supervisor = new Supervisor(options, { lock, roster: new Roster(path, planned.value) });
  const started = await supervisor.begin();
  if (started.ok) return ok(supervisor);
  await supervisor.close();
  return started;
}

export class Supervisor {
  /** Members that come, go, and come back anew. */
  readonly changes: Changes;
  readonly #lock: FolderLock;
  readonly #roster: Roster;
  readonly #crew: Crew;
  readonly #founding: Founding;
  readonly #surroundings: ChangeEnvironment;
  readonly #timeline = new Timeline({ nowMs: Date.now });
  readonly #watch = new EnsembleWatch();
  readonly #changeListeners = new Set<() => void>();
  #lookSoon: NodeJS.Immediate | null = null;
  readonly #lookTimer: NodeJS.Timeout;
  #closing: Promise<void> | null = null;

  constructor(
    options: Pick<SupervisorOptions, 'spawn' | 'memberModule'>,
    folder: { readonly lock: FolderLock; readonly roster: Roster },
  ) {
    this.#lock = folder.lock;
    this.#roster = folder.roster;
    const { spawn, memberModule } = options;
    const { roster } = folder;
    const tell = { changed: () => this.#changed(), event: (event: NewEvent) => this.#timeline.add(event) };
    const created = (id: number): void => this.#founding.created(id);
    this.#crew = new Crew({ spawn, memberModule, roster, created, ...tell });
    this.#founding = new Founding(this.#crew, roster);
    this.#surroundings = {
      roster,
      crew: this.#crew,
      view: () => this.view(),
      onChange: (listener) => this.onChange(listener),
      isClosing: () => this.#closing !== null,
    };
    this.changes = new Changes({ ...this.#surroundings, ...tell });
    this.#lookTimer = setInterval(() => this.#changed(), lookPeriodMs);
  }

  get dataFolder(): string {
    return this.#roster.path;
  }

  /** Starts every member; `createSupervisor` calls it, once. */
  async begin(): Promise<Result<null, StartError>> {
    const { record } = this.#roster;
    this.#timeline.add({
      kind: 'ensembleStarted',
      level: this.#lock.takenOverFrom === null ? 'info' : 'warn',
      member: null,
      facts: {
        members: record.members.length,
        connect: connectString(record),
        founded: record.state === 'creating',
        // A supervisor that was killed and left its lock behind.
        takenOverFrom: this.#lock.takenOverFrom,
      },
    });
    this.changes.announce();
    if (record.state === 'creating') return this.#founding.run();
    for (const { id, standing } of record.members) {
      if (standing !== 'making' && standing !== 'lost') void this.#crew.get(id)?.start();
    }
    return ok(null);
  }

  view(): EnsembleView {
    const members = this.#crew.views();
    const nowMs = Date.now();
    const terms = members.map(({ report }) => report?.term ?? 0);
    const { name, settings } = this.#roster.record;
    return {
      name,
      engine: 'raft',
      connect: connectString(this.#roster.record),
      leader: currentLeader(members, nowMs)?.id ?? null,
      term: Math.max(0, ...terms),
      health: this.#watch.health({ members, unfinished: this.changes.unfinished }, nowMs),
      settings,
      members,
      change: this.changes.current,
    };
  }

  /** Calls back after each change of `view()`; changes of one moment come together. */
  onChange(listener: () => void): Stop {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** The timeline events still kept, oldest first, with sequence numbers above `after`. */
  events(after: number): readonly TimelineEvent[] {
    return this.#timeline.after(after);
  }

  onEvent(listener: (event: TimelineEvent) => void): Stop {
    return this.#timeline.subscribe(listener);
  }

  /** Settles with the view once all members work, or after `timeoutMs` with whatever it is then. */
  untilHealthy(timeoutMs: number): Promise<EnsembleView> {
    return new Promise((settle) => {
      const finish = () => {
        clearTimeout(timer);
        unlisten();
        settle(this.view());
      };
      const timer = setTimeout(finish, timeoutMs);
      const check = () => {
        if (this.view().health.level === 'healthy') finish();
      };
      const unlisten = this.onChange(check);
      check();
    });
  }

  /** Carries out one operation on one member; settles when it has happened or failed. */
  async operate(id: number, operation: MemberOperation): Promise<Result<null, ApiError>> {
    const member = this.#crew.get(id);
    if (this.#closing !== null) return fail(closing());
    if (member === null) return fail(this.#notThere(id));
    return member[operation]();
  }

  /**
   * Cuts every link between members of different groups, and no other: it replaces an earlier
   * partition. Holds for members that are restarted, until `heal`.
   */
  async partition(groups: readonly (readonly number[])[]): Promise<Result<null, ApiError>> {
    const blocked = blockedByPartition(this.#crew.ids, groups);
    if (!blocked.ok) return fail(invalidInput(blocked.error));
    const text = groups.map((group) => group.join(',')).join(' | ');
    this.#timeline.add({ kind: 'partitioned', level: 'warn', member: null, facts: { groups: text } });
    return this.#crew.block(blocked.value);
  }

  /** Cuts these links of one member, and leaves the others' as they are. Until `heal`. */
  async cutLinks(id: number, links: BlockedLinks): Promise<Result<null, ApiError>> {
    const member = this.#crew.get(id);
    if (member === null) return fail(this.#notThere(id));
    const text = `${id} > ${links.to.join(',')}; ${links.from.join(',')} > ${id}`;
    this.#timeline.add({ kind: 'partitioned', level: 'warn', member: id, facts: { groups: text } });
    return this.#crew.cut(member, links);
  }

  /** Makes one member's disk misbehave, until `heal` or the end of its process. */
  async setDiskFaults(id: number, faults: DiskFaults): Promise<Result<null, ApiError>> {
    const member = this.#crew.get(id);
    if (member === null) return fail(this.#notThere(id));
    this.#timeline.add({ kind: 'diskFaultsSet', level: 'warn', member: id, facts: { ...faults } });
    return this.#crew.spoil(member, faults);
  }

  /** Removes every injected cut and disk fault. Paused members stay paused. */
  async heal(): Promise<Result<null, ApiError>> {
    this.#timeline.add({ kind: 'healed', level: 'info', member: null, facts: {} });
    const [links, disks] = await Promise.all([this.#crew.block(new Map()), this.#crew.mend()]);
    return links.ok ? disks : links;
  }

  planAction(request: ActionRequest): ActionPlan {
    return planAction(request, this.view());
  }

  /** Hands leadership over, lets a member campaign, or has snapshots taken; settles when that has happened or failed. */
  async act(request: ActionRequest): Promise<Result<ActionOutcome, ApiError>> {
    if (this.#closing !== null) return fail(closing());
    return act(this.#surroundings, request);
  }

  async readLog(input: {
    readonly member: number;
    readonly from: number | null;
    readonly count: number;
  }): Promise<Result<LogPage, ApiError>> {
    const member = this.#crew.get(input.member);
    if (member === null) return fail(this.#notThere(input.member));
    return readLog(member, { from: input.from, count: input.count });
  }

  /** Stops every member and gives the folder free. Nothing of the ensemble runs afterwards. */
  close(): Promise<void> {
    // Set before anything is closed: from here on nothing is waited for.
    this.#closing ??= Promise.resolve().then(() => this.#close());
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.changes.close(), this.#crew.close()]);
    clearInterval(this.#lookTimer);
    if (this.#lookSoon !== null) clearImmediate(this.#lookSoon);
    this.#look();
    this.#timeline.add({ kind: 'ensembleStopped', level: 'info', member: null, facts: {} });
    this.#changeListeners.clear();
    this.#lock.release();
  }

  #notThere(id: number): ApiError {
    const wasRemoved = this.#roster.record.removed.some(({ member }) => member === id);
    return wasRemoved ? memberRemoved(id) : unknownMember(id);
  }

  /** Looks once for all that changes in one turn of the event loop. */
  #changed(): void {
    this.#lookSoon ??= setImmediate(() => {
      this.#lookSoon = null;
      this.#look();
    });
  }

  #look(): void {
    const nowMs = Date.now();
    const members = this.#crew.views();
    const seen = { members, unfinished: this.changes.unfinished };
    for (const event of this.#watch.look(seen, nowMs)) this.#timeline.add(event);
    const agreed = agreedOf({ leader: currentLeader(members, nowMs)?.id ?? null, members });
    const standings = agreed === null ? null : standingsAfter(this.#roster.record, agreed, nowMs);
    if (standings !== null) this.#roster.update(standings);
    for (const listener of this.#changeListeners) listener();
  }
}
