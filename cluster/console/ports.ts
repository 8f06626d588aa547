/** What the console server needs of the parts behind it: narrow, so that a test can stand in for them. */

import type {
  ActionOutcome,
  ActionPlan,
  ActionRequest,
  ChangePlan,
  ChangeRequest,
  EnsembleChange,
} from '../api/changes.ts';
import type { CommandInput, CommandOutput } from '../api/commands.ts';
import type { EnsembleView } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import type { LogPage } from '../api/log.ts';
import type { TimelineEvent } from '../api/timeline.ts';
import type { ChildrenWatch, ZnodeWatch } from '../api/znode.ts';
import type { Result } from '../base/result.ts';
import type { Stop } from '../base/scope.ts';

/** What every operation behind the console answers; it settles within a deadline of its own. */
export type Outcome<Value> = Promise<Result<Value, ApiError>>;

export type MemberOperation = 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'restart';

/** The supervisor, as the console drives it. */
export interface ConsoleSupervisor {
  view(): EnsembleView;
  /** Calls back after each change of `view()`. */
  onChange(listener: () => void): Stop;
  /** The timeline events still kept, oldest first, with sequence numbers above `after`. */
  events(after: number): readonly TimelineEvent[];
  onEvent(listener: (event: TimelineEvent) => void): Stop;
  operate(member: number, operation: MemberOperation): Outcome<null>;
  partition(groups: readonly (readonly number[])[]): Outcome<null>;
  heal(): Outcome<null>;
  readonly changes: ConsoleChanges;
  /** Who it would be asked of, and what speaks against it. */
  planAction(request: ActionRequest): ActionPlan;
  act(request: ActionRequest): Outcome<ActionOutcome>;
  readLog(input: CommandInput<'log.read'>): Outcome<LogPage>;
}

/** Changes of members: what they would do, and their beginning; how they go on shows in the view. */
export interface ConsoleChanges {
  /** Null: of the unfinished change, the rest. */
  plan(request: ChangeRequest | null): Result<ChangePlan, ApiError>;
  beginSoon(request: ChangeRequest): Outcome<EnsembleChange>;
  resume(): Result<EnsembleChange, ApiError>;
  abandon(): Result<EnsembleChange, ApiError>;
}

/** Receives the current value, then each later one, or why there is none now. */
export type WatchListener<Value> = (value: Result<Value, ApiError>) => void;

/** The znodes of the ensemble, through an ordinary ZooKeeper session. */
export interface Znodes {
  get(input: CommandInput<'znode.get'>): Outcome<CommandOutput<'znode.get'>>;
  stat(input: CommandInput<'znode.stat'>): Outcome<CommandOutput<'znode.stat'>>;
  acl(input: CommandInput<'znode.acl'>): Outcome<CommandOutput<'znode.acl'>>;
  children(input: CommandInput<'znode.children'>): Outcome<CommandOutput<'znode.children'>>;
  create(input: CommandInput<'znode.create'>): Outcome<CommandOutput<'znode.create'>>;
  set(input: CommandInput<'znode.set'>): Outcome<CommandOutput<'znode.set'>>;
  remove(input: CommandInput<'znode.delete'>): Outcome<null>;
  watchZnode(path: string, listener: WatchListener<ZnodeWatch>): Stop;
  watchChildren(path: string, listener: WatchListener<ChildrenWatch>): Stop;
}
