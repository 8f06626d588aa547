// A seeded bug as an edit of the source: made while the simulator is bundled, so that no switch for it exists in
// the product. An edit that does not fit the source any more fails loudly, so that the table cannot rot.
import { relative, sep } from 'node:path';
import { repositoryRoot } from '../make.js';

/**
 * `file` from the repository's root; `original` must stand there exactly once.
 * @typedef {{ readonly file: string, readonly original: string, readonly replacement: string }} Edit
 */

/**
 * `breaks`: the promise, in words. `caughtBy`: any of these checkers may find it. `seeds`: caught by one of the first
 * so many. `profile`: what is run (profiles.js).
 * @typedef {object} SeededBug
 * @property {string} name
 * @property {string} breaks
 * @property {readonly Edit[]} edits
 * @property {readonly string[]} caughtBy
 * @property {number} seeds
 * @property {import('./profiles.js').ProfileName} profile
 */

/** The source with one edit made. @param {string} source @param {Edit} edit @returns {string} */
export function mutate(source, { file, original, replacement }) {
  const times = source.split(original).length - 1;
  if (times !== 1)
    throw new Error(
      `a seeded bug does not fit ${file}: this stands there ${times} times instead of once:\n${original}\n` +
        'Write its row in build/seeded-bugs/ anew, so that it breaks the same promise in the source as it is now.',
    );
  return source.replace(original, () => replacement);
}

/** Makes the edits while bundling, and fails the bundle that lacks an edited file. @param {readonly Edit[]} edits @returns {import('vite').Plugin} */
export function mutationPlugin(edits) {
  /** @type {Set<Edit>} */
  const made = new Set();
  return {
    name: 'seeded-bug',
    enforce: 'pre',
    transform(code, id) {
      const file = relative(repositoryRoot, id).split(sep).join('/');
      const here = edits.filter((edit) => edit.file === file);
      for (const edit of here) made.add(edit);
      return here.length === 0 ? null : { code: here.reduce(mutate, code), map: null };
    },
    generateBundle() {
      const missing = edits.find((edit) => !made.has(edit));
      if (missing !== undefined) throw new Error(`${missing.file} is not part of the simulator`);
    },
  };
}
