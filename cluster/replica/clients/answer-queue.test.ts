import { describe, expect, it } from 'vitest';
import { AnswerQueue } from './answer-queue.ts';

function queueWithLog(): {
  readonly queue: AnswerQueue;
  readonly log: string[];
  readonly say: (word: string) => () => void;
} {
  const log: string[] = [];
  const queue = new AnswerQueue({ answered: () => undefined, mayAnswer: () => true });
  return { queue, log, say: (word) => () => void log.push(word) };
}

describe('answers of one session', () => {
  it('answers a read at once when nothing is before it', () => {
    const { queue, log, say } = queueWithLog();
    queue.answerInTurn(0, say('read'));
    expect(log).toEqual(['read']);
    expect(queue.length).toBe(0);
  });

  it('keeps a read behind the writes before it and ahead of the writes after it', () => {
    const { queue, log, say } = queueWithLog();
    const first = queue.await(0);
    queue.answerInTurn(0, say('read'));
    const second = queue.await(0);
    queue.complete(second, say('second write'));
    expect(log).toEqual([]);
    queue.complete(first, say('first write'));
    expect(log).toEqual(['first write', 'read', 'second write']);
    expect(queue.length).toBe(0);
  });

  it('keeps the order over thousands of requests', () => {
    const { queue, log, say } = queueWithLog();
    const waiting = Array.from({ length: 5_000 }, () => queue.await(0));
    waiting.forEach((request, index) => {
      queue.complete(request, say(String(index)));
      queue.answerInTurn(0, say(`read ${index}`));
    });
    expect(log.filter((word) => !word.startsWith('read'))).toEqual(waiting.map((_, index) => String(index)));
    expect(log).toHaveLength(10_000);
    expect(queue.length).toBe(0);
  });

  it('reports each answer with the time its request arrived', () => {
    const arrived: number[] = [];
    const queue = new AnswerQueue({
      answered: (arrivedMs) => void arrived.push(arrivedMs),
      mayAnswer: () => true,
    });
    const write = queue.await(1);
    queue.answerInTurn(2, () => undefined);
    queue.complete(write, () => undefined);
    expect(arrived).toEqual([1, 2]);
  });

  it('makes no answer while the client must read first, and then goes on in order', () => {
    const log: string[] = [];
    let room = 2;
    const queue = new AnswerQueue({ answered: () => undefined, mayAnswer: () => room > 0 });
    const answer = (word: string) => () => {
      room -= 1;
      log.push(word);
    };
    const write = queue.await(0);
    for (const word of ['a', 'b', 'c']) queue.answerInTurn(0, answer(word));
    queue.complete(write, answer('write'));
    expect(log).toEqual(['write', 'a']);
    queue.answerInTurn(0, answer('d'));
    room = 9;
    queue.answerInTurn(0, answer('e'));
    queue.resume();
    expect(log).toEqual(['write', 'a', 'b', 'c', 'd', 'e']);
  });
});
