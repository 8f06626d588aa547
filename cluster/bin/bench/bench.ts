/**
 * Runs the measures, each engine in turn, so that both see the same machine in the same minutes. Owns
 * every ensemble it launches: `close` ends them all at any time.
 */
import { Scope } from '../../base/scope.ts';
import type { MeasureName, RowName } from './budgets.ts';
import { type Engine, type Ensemble, type FaultKind, faultKinds } from './engine.ts';
import { coldStart, failover, idleMemory, latency, warmUp } from './measures.ts';
import { type Summary, summarise } from './samples.ts';

/** ZooKeeper needs 10 s to give up a frozen leader: it gets fewer runs of that. */
const slowPauseRunsMax = 3;

export interface EngineResult {
  readonly engine: Engine['name'];
  readonly rows: Partial<Record<RowName, Summary>>;
  /** What the clients of surviving members saw, summed over the runs of a fault. */
  readonly seen: Partial<Record<FaultKind, { readonly disconnects: number; readonly errors: number }>>;
}

export interface BenchOptions {
  readonly engines: readonly Engine[];
  readonly runs: number;
  readonly measures: readonly MeasureName[];
  /** Called before each measure of each run. */
  readonly progress: (text: string) => void;
}

interface Lane {
  readonly engine: Engine;
  readonly values: Map<RowName, number[]>;
  readonly seen: Map<FaultKind, { disconnects: number; errors: number }>;
  ensemble: Ensemble | null;
}

export class Bench {
  readonly #options: BenchOptions;
  readonly #lanes: readonly Lane[];
  readonly #scope = new Scope();
  #closing = false;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.#lanes = options.engines.map((engine) => ({
      engine,
      values: new Map(),
      seen: new Map(),
      ensemble: null,
    }));
  }

  /** Fails when a measure fails, or once `close` was called. */
  async run(): Promise<readonly EngineResult[]> {
    if (this.#wants('cold')) await this.#inTurn('cold start', (lane) => this.#cold(lane));
    for (const lane of this.#lanes) lane.ensemble = await this.#launch(lane.engine);
    if (this.#wants('memory')) for (const lane of this.#lanes) await this.#memory(lane);
    if (this.#wants('latency')) {
      for (const lane of this.#lanes) await warmUp(ensembleOf(lane));
      await this.#inTurn('latency', (lane, run) => this.#latency(lane, run));
    }
    for (const fault of faultKinds) {
      if (this.#wants(fault))
        await this.#inTurn(`leader: ${fault}`, (lane, run) => this.#failover(lane, { fault, run }));
    }
    return this.#lanes.map(resultOf);
  }

  /** Ends every process and removes every folder. */
  close(): Promise<void> {
    this.#closing = true;
    return this.#scope.close();
  }

  #wants(measure: MeasureName): boolean {
    return this.#options.measures.includes(measure);
  }

  async #inTurn(what: string, once: (lane: Lane, run: number) => Promise<void>): Promise<void> {
    for (let run = 0; run < this.#options.runs; run += 1) {
      for (const lane of this.#lanes) {
        this.#goOn();
        this.#options.progress(`${what}, run ${run + 1} of ${this.#options.runs}, ${lane.engine.name}`);
        await once(lane, run);
      }
    }
  }

  async #cold(lane: Lane): Promise<void> {
    const prepared = await lane.engine.prepare();
    this.#scope.add(() => prepared.close());
    this.#goOn();
    add(lane, 'cold', await coldStart(prepared));
    await prepared.close();
  }

  async #launch(engine: Engine): Promise<Ensemble> {
    this.#goOn();
    const prepared = await engine.prepare();
    this.#scope.add(() => prepared.close());
    this.#goOn();
    const ensemble = await prepared.launch();
    await ensemble.untilHealthy();
    return ensemble;
  }

  async #memory(lane: Lane): Promise<void> {
    this.#options.progress(`idle memory, ${lane.engine.name}`);
    for (const mebibytes of await idleMemory(ensembleOf(lane))) add(lane, 'memory', mebibytes);
  }

  /** Each run asks another member: leader and followers count alike. */
  async #latency(lane: Lane, run: number): Promise<void> {
    const ensemble = ensembleOf(lane);
    const { setMs, getMs } = await latency(ensemble, ensemble.members[run % ensemble.members.length] ?? 1);
    add(lane, 'set', setMs);
    add(lane, 'get', getMs);
  }

  async #failover(
    lane: Lane,
    { fault, run }: { readonly fault: FaultKind; readonly run: number },
  ): Promise<void> {
    const { engine } = lane;
    if (!engine.faults.includes(fault)) return;
    if (engine.name === 'zookeeper' && fault === 'pause' && run >= slowPauseRunsMax) return;
    const { pauseMs, client } = await failover(ensembleOf(lane), fault);
    add(lane, fault, pauseMs);
    const seen = lane.seen.get(fault) ?? { disconnects: 0, errors: 0 };
    seen.disconnects += client.disconnects;
    seen.errors += client.errors;
    lane.seen.set(fault, seen);
  }

  #goOn(): void {
    if (this.#closing) throw new Error('the bench was ended');
  }
}

function ensembleOf({ ensemble, engine }: Lane): Ensemble {
  if (ensemble === null) throw new Error(`${engine.name} was not launched`);
  return ensemble;
}

function add(lane: Lane, row: RowName, value: number): void {
  const values = lane.values.get(row);
  if (values === undefined) lane.values.set(row, [value]);
  else values.push(value);
}

function resultOf({ engine, values, seen }: Lane): EngineResult {
  const rows: EngineResult['rows'] = Object.fromEntries(
    [...values].map(([row, list]) => [row, summarise(list)]),
  );
  return { engine: engine.name, rows, seen: Object.fromEntries(seen) };
}
