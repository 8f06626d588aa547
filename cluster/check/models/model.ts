/**
 * What an object may answer: the sequential specification that a history is judged against, compiled for one key
 * so that states and operations are small integers.
 */
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Value } from '../history.ts';
import type { Operation } from '../history-operations.ts';

/** "This operation could not have happened in this state." */
export const impossible = -1;

/** "Depends", where one state could have been named. */
export const anyState = -1;

/** What the search may know of an operation without trying it. Each is a fact for every state, or is not claimed. */
export interface Traits {
  /** Never changes a state in which it is possible. */
  readonly reads: boolean;
  /** Possible in every state, and leads to `gives` from each: what was there before is forgotten. */
  readonly blind: boolean;
  /** The only state in which it is possible, or `anyState`. */
  readonly needs: number;
  /** The only state it leads to, or `anyState`. */
  readonly gives: number;
  /** Operations of one sort are alike in all but when they happened. */
  readonly sort: number;
}

/** One key's object. Operations are numbered as they were given. */
export interface Automaton {
  readonly initial: number;
  readonly traits: readonly Traits[];
  /** The state after the operation, or `impossible`. */
  step(state: number, operation: number): number;
  /** Whether the operation could ever lead to the state. */
  mayGive(operation: number, state: number): boolean;
  /** A guess, for searching in a good order: updates between the state and one in which the operation is possible. */
  distance(state: number, operation: number): number;
  describeState(state: number): string;
  describe(operation: number): string;
}

/** The operations a history may contain, and what they mean. */
export interface Model {
  readonly name: ModelName;
  /** Whether the operation says anything (a read without an answer does not), or why it means nothing here. */
  accepts(operation: Operation): Result<boolean, string>;
  /** The operations of one key, all of them accepted. */
  compile(operations: readonly Operation[], initial: Value): Automaton;
}

export type ModelName = 'register' | 'kv' | 'znode';

/** A model out of the meaning of one operation (null: says nothing) and an automaton of meanings. */
export function modelOf<Action>(parts: {
  readonly name: ModelName;
  readonly understand: (operation: Operation) => Result<Action | null, string>;
  readonly compile: (actions: readonly Action[], initial: Value) => Automaton;
}): Model {
  return {
    name: parts.name,
    accepts(operation) {
      const understood = parts.understand(operation);
      return understood.ok ? ok(understood.value !== null) : understood;
    },
    compile(operations, initial) {
      const actions = operations.map((operation) => {
        const understood = parts.understand(operation);
        assert(understood.ok && understood.value !== null, 'compiled an operation that was not accepted');
        return understood.value;
      });
      return parts.compile(actions, initial);
    },
  };
}

/** Numbers things by a text that is the same for equal ones. */
export class Interner<Item> {
  readonly items: Item[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string, item: Item): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.items.length);
    this.items.push(item);
    return this.items.length - 1;
  }
}
