import { describe, expect, it } from 'vitest';
import { ringPosition, stageFor } from './ring-geometry.ts';

describe('the ring', () => {
  const rooms = [
    { width: 354, height: 420, rem: 16 },
    { width: 870, height: 420, rem: 16 },
    { width: 600, height: 360, rem: 18 },
  ];
  it.each(rooms)('keeps 2 to 7 discs apart and in the panel, $width wide', (room) => {
    for (let members = 2; members <= 7; members += 1) {
      const stage = stageFor({ ...room, members });
      const places = Array.from({ length: members }, (_, at) => ringPosition(stage, at, members));
      for (const [at, { x, y }] of places.entries()) {
        expect(Math.min(x, room.width - x, y, room.height - y)).toBeGreaterThan(stage.radius);
        for (const other of places.slice(at + 1))
          expect(Math.hypot(x - other.x, y - other.y)).toBeGreaterThan(2 * stage.radius);
      }
    }
  });

  it('has labels where there is room for them', () => {
    expect(stageFor({ width: 870, height: 420, rem: 16, members: 3 }).labels).toBe('full');
    expect(stageFor({ width: 354, height: 420, rem: 16, members: 4 }).labels).toBe('none');
  });
});
