/** Where things stand in the picture, in its own units. */

export const stage = { width: 760, height: 420 } as const;
export const centre = { x: stage.width / 2, y: 212 } as const;
export const memberRadius = 40;

const ring = { x: 262, y: 146 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The first member at the top, the others clockwise; a lone one in the middle of the upper half. */
export function ringPosition(at: number, count: number): Point {
  const angle = -Math.PI / 2 + (2 * Math.PI * at) / count;
  // A triangle's centre of gravity is below the middle of its circle: moved up to balance the picture.
  const y = centre.y + ring.y * Math.sin(angle) + (count === 3 ? 14 : 0);
  return { x: centre.x + ring.x * Math.cos(angle), y: count === 1 ? centre.y - 96 : y };
}

/** The straight part between two members' discs, moved sideways by `shift`. */
export function between(from: Point, to: Point, shift: number): { readonly from: Point; readonly to: Point } {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const unit = { x: dx / length, y: dy / length };
  const side = { x: -unit.y * shift, y: unit.x * shift };
  const gap = memberRadius + 12;
  return {
    from: { x: from.x + unit.x * gap + side.x, y: from.y + unit.y * gap + side.y },
    to: { x: to.x - unit.x * gap + side.x, y: to.y - unit.y * gap + side.y },
  };
}

/** The point a part of the way along. */
export function along(line: { readonly from: Point; readonly to: Point }, part: number): Point {
  return {
    x: line.from.x + (line.to.x - line.from.x) * part,
    y: line.from.y + (line.to.y - line.from.y) * part,
  };
}

export interface LabelPlace extends Point {
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Where a member's label goes: beside it when it stands above the middle, else below it. */
export function labelPlace(position: Point): LabelPlace {
  if (position.y > centre.y + 40)
    return { x: position.x, y: position.y + memberRadius + 22, anchor: 'middle' };
  const left = position.x < centre.x - 40;
  return {
    x: position.x + (left ? -1 : 1) * (memberRadius + 16),
    y: position.y - 8,
    anchor: left ? 'end' : 'start',
  };
}
