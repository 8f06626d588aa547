/** The log's content as its frames are read back, in order. */
import { unreachable } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import type { Item } from './frame.ts';

/** Every log begins here, as long as there are no snapshots to stand for what came before. */
const firstIndex = 1;

export class RestoredContent {
  hardState: Uint8Array | null = null;
  life = 0;
  readonly entries: Entry[] = [];
  #segmentBytes = 0;

  /** Length of the segment read last; the next one remembers what it was. */
  get segmentBytes(): number {
    return this.#segmentBytes;
  }

  /** A segment was read to its end. */
  segmentEnded(bytes: number): void {
    this.#segmentBytes = bytes;
  }

  /** Takes one item in. Returns what is wrong with it, or null. */
  take(item: Item): string | null {
    switch (item.kind) {
      case 'start':
        return this.#takeStart(item);
      case 'hardState':
        this.hardState = item.bytes;
        return null;
      case 'entry':
        return this.#takeEntry(item.entry);
      default:
        return unreachable(item);
    }
  }

  #takeStart(start: { readonly life: number; readonly previousBytes: number }): string | null {
    if (start.life < this.life) return `life ${start.life} follows life ${this.life}`;
    if (start.previousBytes !== this.#segmentBytes) {
      return `the segment before this one was ${start.previousBytes} bytes long, and is ${this.#segmentBytes}`;
    }
    this.life = start.life;
    return null;
  }

  /** An entry replaces everything from its index on: a leader's log overruled this one. */
  #takeEntry(entry: Entry): string | null {
    const next = firstIndex + this.entries.length;
    if (entry.index > next || entry.index < firstIndex)
      return `entry ${entry.index} stands where ${next} was expected`;
    this.entries.length = entry.index - firstIndex;
    this.entries.push(entry);
    return null;
  }
}
