/**
 * Answers of one session in the order of its requests (ZooKeeper's CommitProcessor, one queue per
 * session). Writes and barriers are under way together; a read waits until everything before it is
 * answered, and is then answered from the store as it stands: the session reads its own writes.
 * No answer is made while the client has too much unread: answers are large, requests are small.
 */

/** One request not answered yet. */
export interface Waiting {
  readonly arrivedMs: number;
  /** Writes the answer; null while it is not known. A read answers when its turn comes. */
  answer: (() => void) | null;
}

export class AnswerQueue {
  /** Consumed from `#head`; what is answered leaves null behind, since answers hold on to data. */
  #waiting: (Waiting | null)[] = [];
  #head = 0;
  readonly #answered: (arrivedMs: number) => void;
  readonly #mayAnswer: () => boolean;

  constructor(options: {
    readonly answered: (arrivedMs: number) => void;
    /** False while the client must read first; `resume` when that has changed. */
    readonly mayAnswer: () => boolean;
  }) {
    this.#answered = options.answered;
    this.#mayAnswer = options.mayAnswer;
  }

  get length(): number {
    return this.#waiting.length - this.#head;
  }

  /** A request whose answer comes later, through `complete`. */
  await(arrivedMs: number): Waiting {
    const waiting: Waiting = { arrivedMs, answer: null };
    this.#waiting.push(waiting);
    return waiting;
  }

  /** A request that can be answered as soon as its turn comes. */
  answerInTurn(arrivedMs: number, answer: () => void): void {
    if (this.length === 0 && this.#mayAnswer()) {
      answer();
      this.#answered(arrivedMs);
      return;
    }
    this.#waiting.push({ arrivedMs, answer });
  }

  complete(waiting: Waiting, answer: () => void): void {
    waiting.answer = answer;
    this.#drain();
  }

  /** The client has read: goes on where it had to stop. */
  resume(): void {
    this.#drain();
  }

  #drain(): void {
    for (;;) {
      const next = this.#waiting[this.#head] ?? null;
      if (next === null || next.answer === null || !this.#mayAnswer()) break;
      this.#waiting[this.#head] = null;
      this.#head += 1;
      next.answer();
      this.#answered(next.arrivedMs);
    }
    if (this.#head === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#head = 0;
    } else if (this.#head > 512 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
  }
}
