/**
 * The supervisor: starts an ensemble from a data folder, one process per member, and lets the
 * operator stop, kill, pause, partition and bring back its members. Plain Node; the process adapter
 * comes in, so that the same code runs under Electron and from the command line.
 */
import { resolve } from 'node:path';
import type { EnsembleView, MemberView } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import type { LogPage } from '../api/log.ts';
import type { TimelineEvent } from '../api/timeline.ts';
import { unreachable } from '../base/assert.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Stop } from '../base/scope.ts';
import {
  clearUnfinishedMember,
  hasDataDirectory,
  memberFolders,
  openDataFolder,
  saveFounding,
} from './data-folder.ts';
import type { EnsembleRecord } from './ensemble-file.ts';
import { EnsembleWatch } from './ensemble-watch.ts';
import { closing, creationFailed, invalidInput, type StartError, unknownMember } from './failures.ts';
import type { FolderLock } from './folder-lock.ts';
import { Founding } from './founding.ts';
import { currentLeader } from './health.ts';
import { Member } from './member.ts';
import { configurationOf, connectString, viewOf } from './member-facts.ts';
import type { BlockedLinks } from './member-messages.ts';
import { directoryVanished } from './member-words.ts';
import { blockedByPartition, noBlockedLinks } from './partition.ts';
import { type EnsembleWish, planAndSave } from './plan.ts';
import { endOrphan } from './process-record.ts';
import type { SpawnPort } from './spawn-port.ts';
import { Timeline } from './timeline.ts';

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
  const supervisor = new Supervisor(options, { path, lock, record: planned.value });
  const started = await supervisor.begin();
  if (started.ok) return ok(supervisor);
  await supervisor.close();
  return started;
}

export class Supervisor {
  readonly dataFolder: string;
  readonly #lock: FolderLock;
  #record: EnsembleRecord;
  readonly #members = new Map<number, Member>();
  readonly #blocked = new Map<number, BlockedLinks>();
  readonly #timeline = new Timeline({ nowMs: Date.now });
  readonly #watch = new EnsembleWatch();
  readonly #changeListeners = new Set<() => void>();
  readonly #founding = new Founding(this.#members);
  #lookSoon: NodeJS.Immediate | null = null;
  readonly #lookTimer: NodeJS.Timeout;
  #closing: Promise<void> | null = null;

  constructor(
    options: Pick<SupervisorOptions, 'spawn' | 'memberModule'>,
    folder: { readonly path: string; readonly lock: FolderLock; readonly record: EnsembleRecord },
  ) {
    this.dataFolder = folder.path;
    this.#lock = folder.lock;
    this.#record = folder.record;
    for (const { id } of folder.record.members) {
      const folders = memberFolders(folder.path, id);
      const member = new Member(id, folders, {
        spawn: options.spawn,
        memberModule: options.memberModule,
        configuration: () => configurationOf(id, this.#context(id)),
        refusal: () => (this.#mayStart(id) ? null : directoryVanished(folders.data)),
        created: (incarnation) => this.#founding.created(id, incarnation),
        changed: () => this.#changed(),
        event: (event) => this.#timeline.add(event),
      });
      this.#members.set(id, member);
    }
    this.#lookTimer = setInterval(() => this.#changed(), lookPeriodMs);
  }

  /** Starts every member; `createSupervisor` calls it, once. */
  async begin(): Promise<Result<null, StartError>> {
    this.#timeline.add({
      kind: 'ensembleStarted',
      level: this.#lock.takenOverFrom === null ? 'info' : 'warn',
      member: null,
      facts: {
        members: this.#members.size,
        connect: connectString(this.#record),
        founded: this.#record.state === 'creating',
        // A supervisor that was killed and left its lock behind.
        takenOverFrom: this.#lock.takenOverFrom,
      },
    });
    if (this.#record.state === 'creating') return this.#found();
    for (const member of this.#members.values()) void member.start();
    return ok(null);
  }

  view(): EnsembleView {
    const members = this.#memberViews();
    const nowMs = Date.now();
    const terms = members.map(({ report }) => report?.term ?? 0);
    return {
      name: this.#record.name,
      engine: 'raft',
      connect: connectString(this.#record),
      leader: currentLeader(members, nowMs)?.id ?? null,
      term: Math.max(0, ...terms),
      health: this.#watch.health(members, nowMs),
      members,
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
    const member = this.#members.get(id);
    if (this.#closing !== null) return fail(closing());
    if (member === undefined) return fail(unknownMember(id));
    switch (operation) {
      case 'start':
        return member.start();
      case 'stop':
        return member.stop();
      case 'kill':
        return member.kill();
      case 'pause':
        return member.pause();
      case 'resume':
        return member.resume();
      case 'restart':
        return member.restart();
      default:
        return unreachable(operation);
    }
  }

  /**
   * Cuts every link between members of different groups, and no other: it replaces an earlier
   * partition. Holds for members that are restarted, until `heal`.
   */
  async partition(groups: readonly (readonly number[])[]): Promise<Result<null, ApiError>> {
    const blocked = blockedByPartition([...this.#members.keys()], groups);
    if (!blocked.ok) return fail(invalidInput(blocked.error));
    const text = groups.map((group) => group.join(',')).join(' | ');
    this.#timeline.add({ kind: 'partitioned', level: 'warn', member: null, facts: { groups: text } });
    return this.#block(blocked.value);
  }

  /** Removes every injected cut. Paused members stay paused. */
  async heal(): Promise<Result<null, ApiError>> {
    this.#timeline.add({ kind: 'healed', level: 'info', member: null, facts: {} });
    return this.#block(new Map());
  }

  async readLog(input: {
    readonly member: number;
    readonly from: number | null;
    readonly count: number;
  }): Promise<Result<LogPage, ApiError>> {
    const member = this.#members.get(input.member);
    if (member === undefined) return fail(unknownMember(input.member));
    return member.readLog({ from: input.from, count: input.count });
  }

  /** Stops every member and gives the folder free. Nothing of the ensemble runs afterwards. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.close()));
    clearInterval(this.#lookTimer);
    if (this.#lookSoon !== null) clearImmediate(this.#lookSoon);
    this.#look();
    this.#timeline.add({ kind: 'ensembleStopped', level: 'info', member: null, facts: {} });
    this.#changeListeners.clear();
    this.#lock.release();
  }

  /** Founds a new ensemble: no member works before every directory exists and that is on record. */
  async #found(): Promise<Result<null, StartError>> {
    for (const id of this.#members.keys()) clearUnfinishedMember(this.dataFolder, this.#record, id);
    const founded = await this.#founding.run();
    if (!founded.ok) return fail(creationFailed(this.dataFolder, founded.error));
    const members = this.#record.members.map((member) => ({
      ...member,
      incarnation: founded.value.get(member.id) ?? null,
    }));
    this.#record = { ...this.#record, state: 'created', members };
    const saved = saveFounding(this.dataFolder, this.#record);
    if (!saved.ok) return saved;
    for (const member of this.#members.values()) member.proceed();
    return ok(null);
  }

  #mayStart(id: number): boolean {
    return this.#record.state === 'creating' || hasDataDirectory(this.dataFolder, id);
  }

  #context(id: number): Parameters<typeof viewOf>[1] {
    return {
      dataFolder: this.dataFolder,
      record: this.#record,
      blocked: this.#blocked.get(id) ?? noBlockedLinks,
    };
  }

  async #block(blocked: ReadonlyMap<number, BlockedLinks>): Promise<Result<null, ApiError>> {
    this.#blocked.clear();
    for (const [id, links] of blocked) this.#blocked.set(id, links);
    this.#changed();
    const answers = [...this.#members.values()].map((member) =>
      member.setBlocked(this.#blocked.get(member.id) ?? noBlockedLinks),
    );
    return (await Promise.all(answers)).find((answer) => !answer.ok) ?? ok(null);
  }

  #memberViews(): MemberView[] {
    return [...this.#members.values()].map((member) => viewOf(member, this.#context(member.id)));
  }

  /** Looks once for all that changes in one turn of the event loop. */
  #changed(): void {
    this.#lookSoon ??= setImmediate(() => {
      this.#lookSoon = null;
      this.#look();
    });
  }

  #look(): void {
    for (const event of this.#watch.look(this.#memberViews(), Date.now())) this.#timeline.add(event);
    for (const listener of this.#changeListeners) listener();
  }
}
