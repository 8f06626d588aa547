import { describe, expect, it } from 'vitest';
import { AnswerQueue } from './answer-queue.ts';

function queueWithLog(): {
  readonly queue: AnswerQueue;
  readonly log: string[];
  readonly say: (word: string) => () => void;
} {
  const log: string[] = [];
  const queue = new AnswerQueue({ answered: () => undefined });
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
    const queue = new AnswerQueue({ answered: (arrivedMs) => void arrived.push(arrivedMs) });
    const write = queue.await(1);
    queue.answerInTurn(2, () => undefined);
    queue.complete(write, () => undefined);
    expect(arrived).toEqual([1, 2]);
  });
});
