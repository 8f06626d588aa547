/** What a simulated client is told at its start. */
import type { ClientWire, SimClientEnd, SimConnection } from './client-connection.ts';
import type { Judges } from './judges.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimTrace } from './trace.ts';
import type { Mix } from './workload.ts';

/** Whoever listens for clients. */
export interface ClientHost {
  /** Connects a client over its wire, or answers null when no process listens. */
  connect(client: SimClientEnd, wire: ClientWire, label: string): SimConnection | null;
  readonly name: string;
}

export interface ClientOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  /** The members there are now. */
  readonly hosts: () => readonly ClientHost[];
  readonly judges: Judges;
  readonly trace: SimTrace;
  readonly inFlightMax: number;
  readonly thinkMs: number;
  readonly sessionTimeoutMs: number;
  /** Probability that a client leaves after an answer: closes its session, or stays away. */
  readonly leaves: number;
  readonly mix: Mix;
  readonly registers: number;
  readonly dataBytesMax: number;
}
