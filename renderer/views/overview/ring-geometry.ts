/** Where things stand in the picture, in CSS pixels: the ring follows the room there is, the type does not. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Stage {
  readonly width: number;
  readonly height: number;
  readonly centre: Point;
  /** Where the term stands, and how much room around it stays free of signs. */
  readonly middle: Point;
  readonly middleRoom: number;
  /** Of a member's disc. */
  readonly radius: number;
  /** How far the centres of the discs are from the middle. */
  readonly ring: Point;
  /** Short labels leave out what stands in the middle anyway; `none` where they would push the discs together. */
  readonly labels: Labels;
  /** One rem, for everything that goes with the type. */
  readonly rem: number;
}

type Labels = 'full' | 'short' | 'none';

/** Room beside the outermost discs for their labels, in rem: with the term, without, and for none at all. */
const labelRoom = { full: 10.5, short: 6, none: 0.75 } as const satisfies Record<Labels, number>;
/** The least room between two discs, in rem. */
const discGap = 1;
/** Narrower than this, in rem, there is room for short labels only. */
const fullLabelsFrom = 46;
/** Room above the topmost disc for a crown, and below the lowest, in rem. */
const crownRoom = 1.75;
const footRoom = 0.75;
/** A ring flatter than this reads as a row. */
const flatness = 2.1;

/** The stage for so many members in so much room. */
export function stageFor(room: {
  readonly width: number;
  readonly height: number;
  readonly rem: number;
  readonly members: number;
}): Stage {
  const labels = room.width < fullLabelsFrom * room.rem ? 'short' : 'full';
  const stage = stageWith(labels, room);
  return isCrowded(stage, room.members) ? stageWith('none', room) : stage;
}

function stageWith(labels: Labels, room: Parameters<typeof stageFor>[0]): Stage {
  const { width, height, rem, members } = room;
  const radius = Math.min(2.75 * rem, Math.max(1.75 * rem, height * (members > 5 ? 0.095 : 0.125)));
  const usable = height - (crownRoom + footRoom) * rem - 2 * radius;
  // The lowest disc of an odd ring is not at the bottom of its circle: the ring may be that much larger.
  const lowest = members === 1 ? 0 : members % 2 === 0 ? 1 : Math.cos(Math.PI / members);
  const vertical = Math.max(rem, usable / (1 + lowest));
  const horizontal = Math.max(rem, width / 2 - radius - labelRoom[labels] * rem);
  const ring = { x: Math.min(horizontal, vertical * flatness), y: Math.min(vertical, horizontal * 0.9) };
  const top = crownRoom * rem + radius + (usable - ring.y * (1 + lowest)) / 2;
  const centre = { x: width / 2, y: members === 1 ? height / 2 : top + ring.y };
  const middle = middleOf({ centre, ring, rem, members });
  const middleRoom = (members > 3 ? 5 : 2.4) * rem;
  return { width, height, radius, ring, rem, labels, centre, middle, middleRoom };
}

/** Whether two discs beside each other nearly touch. */
function isCrowded(stage: Stage, members: number): boolean {
  if (members === 1) return false;
  const places = Array.from({ length: members }, (_, at) => ringPosition(stage, at, members));
  return places.some((place, at) => {
    const next = places[(at + 1) % members] ?? place;
    return Math.hypot(next.x - place.x, next.y - place.y) < 2 * stage.radius + discGap * stage.rem;
  });
}

/** The first member at the top, the others clockwise; a lone one beside the middle. */
export function ringPosition(stage: Stage, at: number, members: number): Point {
  const { centre, ring } = stage;
  if (members === 1) return { x: centre.x - 4 * stage.rem, y: centre.y };
  const angle = -Math.PI / 2 + (2 * Math.PI * at) / members;
  return { x: centre.x + ring.x * Math.cos(angle), y: centre.y + ring.y * Math.sin(angle) };
}

/** In the middle of the ring, or beside a lone member. */
function middleOf(room: Pick<Stage, 'centre' | 'ring' | 'rem'> & { readonly members: number }): Point {
  const { centre, ring, rem, members } = room;
  if (members === 1) return { x: centre.x + 5 * rem, y: centre.y };
  return { x: centre.x, y: centre.y + (members === 3 ? ring.y * 0.14 : 0) };
}

export interface Line {
  readonly from: Point;
  readonly to: Point;
}

/** The straight part between two members' discs, moved sideways by `shift` pixels. */
export function between(stage: Stage, ends: Line, shift: number): Line {
  const { from, to } = ends;
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const unit = { x: dx / length, y: dy / length };
  const side = { x: -unit.y * shift, y: unit.x * shift };
  const gap = stage.radius + 0.75 * stage.rem;
  return {
    from: { x: from.x + unit.x * gap + side.x, y: from.y + unit.y * gap + side.y },
    to: { x: to.x - unit.x * gap + side.x, y: to.y - unit.y * gap + side.y },
  };
}

/** The point a part of the way along. */
export function along({ from, to }: Line, part: number): Point {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** Shortest lines, in rem, that carry a label: beside the middle, and across it. */
const labelledFrom = { beside: 5, across: 15 } as const;

/** Whether a label on this line would touch nothing else. */
export function hasRoomForSign(stage: Stage, line: Line): boolean {
  const length = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y);
  return length > stage.rem * (crossesMiddle(stage, line) ? labelledFrom.across : labelledFrom.beside);
}

function crossesMiddle(stage: Stage, line: Line): boolean {
  const middle = along(line, 0.5);
  return Math.hypot(middle.x - stage.middle.x, middle.y - stage.middle.y) < stage.middleRoom;
}

/** Where a sign or label sits on a line: half-way, or nearer the start when half-way is where the term stands. */
export function signPlace(stage: Stage, line: Line): Point {
  return along(line, crossesMiddle(stage, line) ? 0.26 : 0.5);
}

export interface LabelPlace extends Point {
  readonly anchor: 'start' | 'end';
}

/** Where a member's label goes, relative to its disc: on the outer side. */
export function labelPlace(stage: Stage, position: Point): LabelPlace {
  const left = position.x < stage.centre.x - stage.rem;
  const x = (stage.radius + 1 * stage.rem) * (left ? -1 : 1);
  return { x, y: -0.2 * stage.rem, anchor: left ? 'end' : 'start' };
}
