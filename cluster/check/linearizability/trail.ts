/** The order in which operations took effect on the way to a configuration, newest first, shared between ways. */

export interface Trail {
  readonly operation: number;
  /** The event at which this was settled. */
  readonly at: number;
  /** It took effect unnoticed, right before the newest blind operation behind it here. */
  readonly covered: boolean;
  readonly depth: number;
  readonly previous: Trail | null;
}

export function extendTrail(
  previous: Trail | null,
  step: { readonly operation: number; readonly at: number; readonly covered: boolean },
): Trail {
  const { operation, at, covered } = step;
  return { operation, at, covered, depth: previous === null ? 1 : previous.depth + 1, previous };
}

/** The operations in the order in which they took effect. */
export function orderOf(trail: Trail | null, isBlind: (operation: number) => boolean): readonly number[] {
  const steps: Trail[] = [];
  for (let step = trail; step !== null; step = step.previous) steps.push(step);
  const order: number[] = [];
  for (const { operation, covered } of steps.reverse()) {
    if (!covered) {
      order.push(operation);
      continue;
    }
    const cover = order.findLastIndex(isBlind);
    order.splice(Math.max(cover, 0), 0, operation);
  }
  return order;
}
