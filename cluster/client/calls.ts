/** Requests under way in a client, first in, first out: the server answers them in this order. */
import type { Result } from '../base/result.ts';
import type { ClientRequest } from '../zk/requests.ts';
import type { ReplyAnswer } from '../zk/wire/reply.ts';
import type { ZkFailure } from './failure.ts';
import type { Watcher } from './watches.ts';

export interface Call {
  readonly request: ClientRequest;
  /** Told of the next change, when the request is a read that leaves a watch. */
  readonly watcher: Watcher | null;
  readonly deadlineMs: number;
  /** Number on the wire; set when it is sent. */
  xid: number;
  /** Null once the caller has its answer: a late reply is then only taken off the queue. */
  done: ((outcome: Result<ReplyAnswer, ZkFailure>) => void) | null;
}

const compactAfter = 1_024;

export class CallQueue {
  #calls: Call[] = [];
  #head = 0;

  get length(): number {
    return this.#calls.length - this.#head;
  }

  push(call: Call): void {
    this.#calls.push(call);
  }

  first(): Call | null {
    return this.#calls[this.#head] ?? null;
  }

  shift(): Call | null {
    const call = this.#calls[this.#head];
    if (call === undefined) return null;
    this.#head += 1;
    if (this.#head === this.#calls.length) this.#restart([]);
    else if (this.#head > compactAfter && this.#head * 2 > this.#calls.length) {
      this.#restart(this.#calls.slice(this.#head));
    }
    return call;
  }

  /** Takes off the oldest calls that have their answer already. */
  dropSettled(): void {
    while (this.first()?.done === null) this.shift();
  }

  /** Empties the queue. */
  takeAll(): readonly Call[] {
    const calls = this.#calls.slice(this.#head);
    this.#restart([]);
    return calls;
  }

  /** Calls whose deadline has passed, oldest first. Deadlines rise along the queue. */
  overdue(nowMs: number): readonly Call[] {
    const late: Call[] = [];
    for (let at = this.#head; at < this.#calls.length; at += 1) {
      const call = this.#calls[at];
      if (call === undefined || call.deadlineMs > nowMs) break;
      if (call.done !== null) late.push(call);
    }
    return late;
  }

  #restart(calls: Call[]): void {
    this.#calls = calls;
    this.#head = 0;
  }
}
