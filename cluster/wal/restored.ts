/** The log's content as its frames are read back, in order. */
import type { Entry } from '../base/entry.ts';
import type { Item } from './frame.ts';

export class RestoredContent {
  hardState: Uint8Array | null = null;
  life = 0;
  readonly entries: Entry[] = [];

  /** Takes one item in. Returns what is wrong with it, or null. */
  take(item: Item): string | null {
    switch (item.kind) {
      case 'life':
        this.life = item.life;
        return null;
      case 'hardState':
        this.hardState = item.bytes;
        return null;
      case 'entry':
        return this.#takeEntry(item.entry);
    }
  }

  /** An entry replaces everything from its index on: a leader's log overruled this one. */
  #takeEntry(entry: Entry): string | null {
    const first = this.entries[0]?.index ?? entry.index;
    const next = first + this.entries.length;
    if (entry.index > next || entry.index < first)
      return `entry ${entry.index} stands where ${next} was expected`;
    this.entries.length = entry.index - first;
    this.entries.push(entry);
    return null;
  }
}
