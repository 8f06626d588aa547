/** What the bench measures: an ensemble of three processes, Muster's or Apache's, behind one interface. */

export const faultKinds = ['kill', 'pause', 'partition'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Engine {
  readonly name: 'muster' | 'zookeeper';
  /** Faults it can have here. */
  readonly faults: readonly FaultKind[];
  /** Everything up to the start of the first process: folders and configurations. */
  prepare(): Promise<PreparedEnsemble>;
}

export interface PreparedEnsemble {
  /** Starts the processes; done when the addresses are known, which may be before anybody serves. */
  launch(): Promise<Ensemble>;
  /** Ends what was launched, if anything, and removes the folders. Twice is harmless. */
  close(): Promise<void>;
}

export interface Ensemble {
  readonly members: readonly number[];
  /** ZooKeeper connection string of these members. */
  connect(members: readonly number[]): string;
  /** Waits until every member serves; fails after a deadline. */
  untilHealthy(): Promise<void>;
  leader(): Promise<number>;
  pids(): readonly number[];
  /** The fault happens within the call, or at most one message later. */
  inject(fault: FaultKind, member: number): Promise<void>;
  /** Undoes it: starts, resumes or connects the member again. */
  repair(fault: FaultKind, member: number): Promise<void>;
}

/** The fault is one that `Engine.faults` does not list. */
export function cannotHave(engine: Engine['name'], fault: FaultKind): Error {
  return new Error(`the bench cannot ${fault} a member of ${engine}`);
}
