import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiffLine, lineDiff } from './line-diff.ts';

const shown = (lines: readonly DiffLine[]) =>
  lines.map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`);

describe('line diff', () => {
  it('shows a changed line as removed and added, and the rest as the same', () => {
    expect(shown(lineDiff({ before: 'a\nb\nc', after: 'a\nx\nc' }))).toEqual([' a', '-b', '+x', ' c']);
  });

  it('shows filling an empty value as additions only', () => {
    expect(shown(lineDiff({ before: '', after: 'a\nb' }))).toEqual(['+a', '+b']);
  });

  it('rebuilds both texts from its lines and numbers them in order', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDiff({ before, after });
        const side = (not: DiffLine['kind']) => lines.filter(({ kind }) => kind !== not);
        expect(
          side('added')
            .map((line) => line.text)
            .join('\n'),
        ).toBe(before);
        expect(
          side('removed')
            .map((line) => line.text)
            .join('\n'),
        ).toBe(after);
        expect(side('added').map((line) => line.before)).toEqual(side('added').map((_, at) => at + 1));
        expect(side('removed').map((line) => line.after)).toEqual(side('removed').map((_, at) => at + 1));
      }),
    );
  });

  it('gives one block for texts with nothing in common, instead of searching for ever', () => {
    const many = (prefix: string) => Array.from({ length: 1_500 }, (_, at) => `${prefix}${at}`).join('\n');
    const lines = lineDiff({ before: many('a'), after: many('b') });
    expect(lines.filter(({ kind }) => kind === 'same')).toEqual([]);
    expect(lines).toHaveLength(3_000);
  });
});
