/** Whether this member may lead: not while its disk is full or slow, and never once it is fenced. */

export type Hindrance = 'diskTrouble' | 'slowDisk' | 'fenced';

export class Eligibility {
  readonly #changed: (may: 'yes' | 'no') => void;
  readonly #hindrances = new Set<Hindrance>();

  constructor(options: { readonly changed: (may: 'yes' | 'no') => void }) {
    this.#changed = options.changed;
  }

  hinder(hindrance: Hindrance): void {
    const before = this.#hindrances.size;
    this.#hindrances.add(hindrance);
    if (before === 0) this.#changed('no');
  }

  /** What hindered it is over. */
  allow(hindrance: Hindrance): void {
    if (this.#hindrances.delete(hindrance) && this.#hindrances.size === 0) this.#changed('yes');
  }
}
