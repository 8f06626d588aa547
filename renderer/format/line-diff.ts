/** Differences between two texts, line by line (Myers, "An O(ND) difference algorithm", 1986). */

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** Line numbers, from 1; null on the side that lacks the line. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Beyond this many differing lines the middle is shown as one block removed and one added. */
const editsMax = 1_000;

/** The lines of both texts in reading order. */
export function lineDiff({ before, after }: { readonly before: string; readonly after: string }): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;

  const middle = diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const kinds: Change[] = [
    ...a.slice(0, head).map((text): Change => ({ kind: 'same', text })),
    ...middle,
    ...a.slice(a.length - tail).map((text): Change => ({ kind: 'same', text })),
  ];
  return numbered(kinds);
}

type Change = Pick<DiffLine, 'kind' | 'text'>;

/** No lines for an empty text, so that filling an empty value shows only additions. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}

function numbered(changes: readonly Change[]): DiffLine[] {
  let before = 0;
  let after = 0;
  return changes.map(({ kind, text }) => {
    if (kind !== 'added') before += 1;
    if (kind !== 'removed') after += 1;
    return {
      kind,
      text,
      before: kind === 'added' ? null : before,
      after: kind === 'removed' ? null : after,
    };
  });
}

function diffMiddle(a: readonly string[], b: readonly string[]): Change[] {
  const trace = shortestEdit(a, b);
  if (trace === null) {
    return [
      ...a.map((text): Change => ({ kind: 'removed', text })),
      ...b.map((text): Change => ({ kind: 'added', text })),
    ];
  }
  return backtrack(trace, a, b);
}

type Frontier = ReadonlyMap<number, number>;

/** The furthest x on each diagonal k = x − y after each number of edits, or null past `editsMax`. */
function shortestEdit(a: readonly string[], b: readonly string[]): readonly Frontier[] | null {
  const trace: Frontier[] = [];
  const furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(editsMax, a.length + b.length); edits += 1) {
    trace.push(new Map(furthest));
    for (let k = -edits; k <= edits; k += 2) {
      const down = stepsDown(furthest, k, edits);
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return null;
}

function stepsDown(furthest: Frontier, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && (furthest.get(k - 1) ?? 0) < (furthest.get(k + 1) ?? 0));
}

function backtrack(trace: readonly Frontier[], a: readonly string[], b: readonly string[]): Change[] {
  const reversed: Change[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const furthest = trace[edits] ?? new Map();
    const k = x - y;
    const previousK = stepsDown(furthest, k, edits) ? k + 1 : k - 1;
    const previousX = furthest.get(previousK) ?? 0;
    const previousY = previousX - previousK;
    while (x > previousX && y > previousY && x > 0 && y > 0) {
      reversed.push({ kind: 'same', text: a[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (edits === 0) break;
    if (x === previousX) reversed.push({ kind: 'added', text: b[y - 1] ?? '' });
    else reversed.push({ kind: 'removed', text: a[x - 1] ?? '' });
    x = previousX;
    y = previousY;
  }
  return reversed.reverse();
}
