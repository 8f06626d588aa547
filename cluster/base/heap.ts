/** A binary min-heap: the smallest by `compare` comes out first. */
export class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #compare: (a: Item, b: Item) => number;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as Item;
      if (this.#compare(above, item) <= 0) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): Item | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      const child = this.#smallerChild(at);
      if (child === null || this.#compare(items[child] as Item, last) >= 0) break;
      items[at] = items[child] as Item;
      at = child;
    }
    items[at] = last;
    return top;
  }

  #smallerChild(at: number): number | null {
    const left = 2 * at + 1;
    if (left >= this.#items.length) return null;
    const right = left + 1;
    if (right >= this.#items.length) return left;
    return this.#compare(this.#items[left] as Item, this.#items[right] as Item) <= 0 ? left : right;
  }
}
