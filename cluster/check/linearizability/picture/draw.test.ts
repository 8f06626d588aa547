import { describe, expect, it } from 'vitest';
import type { HistoryEvent, Value } from '../../history.ts';
import { judgeHistory } from '../judge.ts';
import { drawFailure } from './draw.ts';

const event = (process: string, type: HistoryEvent['type'], f: string, value: Value): HistoryEvent => {
  return { process, type, f, key: null, value, timeMs: 1.5 };
};

function draw(written: Value): string {
  const judged = judgeHistory(
    [
      event('<a>', 'invoke', 'write', written),
      event('<a>', 'ok', 'write', written),
      event('b', 'invoke', 'cas', [7, null]),
      event('c', 'invoke', 'read', null),
      event('c', 'ok', 'read', null),
    ],
    { model: 'register', monotonicMs: () => 0 },
  );
  if (!judged.ok || judged.value.failure === null) throw new Error('expected a failure');
  return drawFailure(judged.value.failure, 'h & co');
}

describe('the picture of a failure', () => {
  it('needs nothing from anywhere', () => {
    expect(draw(1)).not.toMatch(/https?:|src=|href=|url\(|@import|<script/);
  });

  it('has a lane for each process and marks what fits no order', () => {
    const page = draw(1);
    expect([...page.matchAll(/class="lane"/g)].length).toBe(3);
    expect(page.match(/class="bar culprit"[^>]*><title>([^\n]*)/)?.[1]).toBe('process c: read nothing');
    expect(page).toContain('class="bar none open"');
  });

  it('says the same in words', () => {
    const page = draw(1);
    expect(page).toMatch(
      /Before the first of these operations: <code>7<.code>, <code>nothing<.code>, <code>anything else<.code>/,
    );
    expect(page).toMatch(/When nothing went on: <code>1<\/code>/);
    expect(page).toContain('<td>read nothing</td><td>completed</td><td>fits no order</td>');
    expect(page).toContain('<ol><li>process &lt;a&gt;: write 1</li></ol>');
  });

  it('is light or dark as the reader is', () => {
    expect(draw(1)).toContain('@media (prefers-color-scheme:dark)');
  });

  it('shows recorded text as text', () => {
    expect(draw('</title><script>alert(1)</script>')).not.toContain('<script>');
  });
});
