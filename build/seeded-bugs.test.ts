// The table of seeded bugs fits the source as it is, so that a bug that can no longer be seeded is noticed at once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './make.js';
import { seededBugs } from './seeded-bugs/bugs.js';
import { mutate } from './seeded-bugs/mutation.js';

const source = (file: string): string => readFileSync(join(repositoryRoot, file), 'utf8');

describe('the table of seeded bugs', () => {
  it('has at least 25 of them, each with a name of its own', () => {
    const names = new Set(seededBugs.map(({ name }) => name));
    expect(names.size).toBe(seededBugs.length);
    expect(names.size).toBeGreaterThanOrEqual(25);
  });

  it.each(seededBugs)('can seed $name', ({ edits }) => {
    expect(edits.length).toBeGreaterThan(0);
    for (const edit of edits) {
      const before = source(edit.file);
      expect(mutate(before, edit)).not.toBe(before);
    }
  });
});

describe('an edit', () => {
  const edit = { file: 'some.ts', original: 'a', replacement: '$&' };

  it('is made where its original stands once, as it is written', () => {
    expect(mutate('b a c', edit)).toBe('b $& c');
  });

  it.each(['b c', 'a b a'])('is refused in "%s"', (text) => {
    expect(() => mutate(text, edit)).toThrow(/some\.ts: this stands there \d times instead of once/);
  });
});
