/** The progress of a change on the terminal: one line per step, and how far a long one is. */
import type { ChangeStep, EnsembleChange } from '../../api/changes.ts';
import { progressText, stepText } from './change-words.ts';
import { type Format, printLine } from './outcome.ts';

/** How far a step is, is printed at most this often. */
const progressMs = 1_000;

export class ChangeProgress {
  readonly format: Format;
  /** Not printed yet: a step can be over before anybody looks. */
  readonly #steps: ChangeStep[];
  #shownMs = 0;
  #shown = '';

  constructor(steps: readonly ChangeStep[], format: Format) {
    this.format = format;
    this.#steps = [...steps];
  }

  /** Prints what is new since the last look. */
  show({ step, state, progress }: EnsembleChange): void {
    if (this.format === 'json') return;
    const reached = state === 'done' ? this.#steps.length : this.#steps.indexOf(step) + 1;
    for (const passed of this.#steps.splice(0, reached)) printLine(`  ${stepText(passed)}`);
    if (progress === null || state !== 'running') return;
    const text = progressText(progress);
    const nowMs = performance.now();
    if (text === this.#shown || nowMs - this.#shownMs < progressMs) return;
    this.#shown = text;
    this.#shownMs = nowMs;
    printLine(`    ${text}`);
  }
}
