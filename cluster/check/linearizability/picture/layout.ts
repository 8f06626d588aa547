/** Where bars and lanes of a timeline go: by the order of calls and returns, since clocks would crowd or stretch them. */
import type { Failure, ShownOperation } from '../failure.ts';

export interface PlacedLane {
  readonly process: string;
  /** Top of its bars. */
  readonly y: number;
  readonly middle: number;
}

export interface PlacedBar {
  readonly operation: ShownOperation;
  /** Index in the window. */
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** It has no end. */
  readonly isOpen: boolean;
}

export interface Layout {
  readonly lanes: readonly PlacedLane[];
  readonly bars: readonly PlacedBar[];
  readonly width: number;
  readonly height: number;
}

const barHeight = 26;
const laneHeight = 58;
const margin = 24;
/** A character of the bars' font, and the least a bar is wide. */
const characterWidth = 7.2;
const stepWidth = 34;

export function layOut({ window }: Failure): Layout {
  const processes = [...new Set(window.map(({ process }) => process))];
  const lanes = processes.map((process, at) => {
    const y = margin + at * laneHeight + 14;
    return { process, y, middle: y + barHeight / 2 };
  });
  const xOf = positions(window);
  const width = Math.max(...xOf.values(), 0) + 2 * margin + stepWidth;
  const bars = window.map((operation, at) => {
    const lane = lanes[processes.indexOf(operation.process)];
    const x = xOf.get(operation.calledAt) ?? margin;
    const end = operation.returnedAt === null ? width : (xOf.get(operation.returnedAt) ?? width);
    const y = lane?.y ?? margin;
    return { operation, at, x, y, width: end - x, height: barHeight, isOpen: operation.returnedAt === null };
  });
  return { lanes, bars, width, height: margin + processes.length * laneHeight + margin };
}

/** A place for each event, far enough from the one before that every bar holds its text. */
function positions(window: readonly ShownOperation[]): ReadonlyMap<number, number> {
  const callOf = new Map<number, ShownOperation>();
  const events = new Set<number>();
  for (const operation of window) {
    events.add(operation.calledAt);
    if (operation.returnedAt !== null) {
      events.add(operation.returnedAt);
      callOf.set(operation.returnedAt, operation);
    }
  }
  const placed = new Map<number, number>();
  let x = margin;
  for (const event of [...events].sort((a, b) => a - b)) {
    const ended = callOf.get(event);
    const textEnd =
      ended === undefined
        ? 0
        : (placed.get(ended.calledAt) ?? 0) + (ended.text.length + 5) * characterWidth + 12;
    x = Math.max(x + stepWidth, textEnd);
    placed.set(event, x);
  }
  return placed;
}
