/** Which operations are open at one event: required ones by slot, optional ones by sort. The same for every configuration. */
import type { OpenSlots } from './antichain.ts';
import { type Bits, withBit, withoutBit } from './configuration.ts';
import type { Outlook } from './outlook.ts';
import type { Problem } from './problem.ts';

export interface OpenState extends OpenSlots {
  /** Required blind operations. */
  readonly blind: Bits;
  /** By slot. */
  readonly operationAt: ReadonlyMap<number, number>;
  /** By sort, in the order of the calls. */
  readonly optional: ReadonlyMap<number, readonly number[]>;
}

export class OpenOperations {
  readonly #problem: Problem;
  readonly #outlook: Outlook;
  #state: OpenState;

  constructor(problem: Problem, outlook: Outlook) {
    this.#problem = problem;
    this.#outlook = outlook;
    const none = Array.from({ length: Math.ceil(outlook.slots / 32) }, () => 0);
    this.#state = { reads: none, updates: none, blind: none, operationAt: new Map(), optional: new Map() };
  }

  get state(): OpenState {
    return this.#state;
  }

  /** Goes back to an earlier moment. */
  restore(state: OpenState): void {
    this.#state = state;
  }

  called(operation: number, at: number): void {
    const traits = this.#problem.automaton.traits[operation];
    if (traits === undefined) return;
    if (this.#problem.optional[operation]) {
      if (traits.reads || !this.#outlook.isUseful(operation, at)) return;
      const optional = new Map(this.#state.optional);
      optional.set(traits.sort, [...(optional.get(traits.sort) ?? []), operation]);
      this.#state = { ...this.#state, optional };
      return;
    }
    const slot = this.#outlook.slotOf[operation] as number;
    const { reads, updates, blind, operationAt } = this.#state;
    this.#state = {
      ...this.#state,
      reads: traits.reads ? withBit(reads, slot) : reads,
      updates: traits.reads ? updates : withBit(updates, slot),
      blind: traits.blind ? withBit(blind, slot) : blind,
      operationAt: new Map(operationAt).set(slot, operation),
    };
  }

  returned(operation: number): void {
    const slot = this.#outlook.slotOf[operation] as number;
    const operationAt = new Map(this.#state.operationAt);
    operationAt.delete(slot);
    const { reads, updates, blind, optional } = this.#state;
    this.#state = {
      reads: withoutBit(reads, slot),
      updates: withoutBit(updates, slot),
      blind: withoutBit(blind, slot),
      operationAt,
      optional,
    };
  }

  /** Forgets the sorts that are of no use to anybody from event `at` on; whether there were any. */
  retire(at: number): readonly number[] {
    const retired: number[] = [];
    for (const [sort, operations] of this.#state.optional)
      if (!this.#outlook.isUseful(operations[0] as number, at)) retired.push(sort);
    if (retired.length > 0) {
      const optional = new Map(this.#state.optional);
      for (const sort of retired) optional.delete(sort);
      this.#state = { ...this.#state, optional };
    }
    return retired;
  }
}
