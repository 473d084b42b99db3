import { describe, expect, test } from 'vitest';
import {
  gridBoxes,
  gridFor,
  pageSize,
  spotlightBoxes,
  stripSize,
  type Box,
} from '../src/screens/group/grid.ts';

const desktop = { width: 1416, height: 716 };
const phone = { width: 378, height: 676 };
const turned = { width: 820, height: 374 };
const stages = [desktop, phone, turned, { width: 700, height: 1000 }, { width: 300, height: 420 }];

const overlap = (left: Box, right: Box): boolean =>
  left.x < right.x + right.width &&
  right.x < left.x + left.width &&
  left.y < right.y + right.height &&
  right.y < left.y + left.height;

const inside = (box: Box, stage: { width: number; height: number }): boolean =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= stage.width && box.y + box.height <= stage.height;

describe('the grid', () => {
  test.each(stages)('of every number of people lies within %o, and no tile on another', (stage) => {
    for (let count = 1; count <= pageSize(stage); count += 1) {
      const boxes = gridBoxes(count, stage);
      expect(boxes).toHaveLength(count);
      for (const [index, box] of boxes.entries()) {
        expect(inside(box, stage), `${count}: ${index}`).toBe(true);
        expect(box.width).toBeGreaterThan(60);
        for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
      }
    }
  });

  test.each([
    [1, 1, 1],
    [2, 2, 1],
    [4, 2, 2],
    [9, 3, 3],
    [16, 4, 4],
  ])('of %d on a wide stage has %d columns and %d rows', (count, columns, rows) => {
    expect(gridFor(count, desktop)).toMatchObject({ columns, rows });
  });

  test('of a phone has two columns and at most eight tiles', () => {
    expect(pageSize(phone)).toBe(8);
    expect(pageSize(turned)).toBe(8);
    expect(pageSize(desktop)).toBe(16);
    for (let count = 4; count <= 8; count += 1) expect(gridFor(count, phone).columns).toBe(2);
    expect(gridFor(8, turned)).toMatchObject({ columns: 4, rows: 2 });
  });

  test('has its last row in the middle', () => {
    const boxes = gridBoxes(5, desktop);
    const last = boxes.slice(3);
    const left = last[0]?.x ?? 0;
    const right = desktop.width - (last.at(-1)?.x ?? 0) - (last.at(-1)?.width ?? 0);
    expect(Math.abs(left - right)).toBeLessThanOrEqual(1);
    expect(left).toBeGreaterThan(boxes[0]?.x ?? 0);
  });

  test('keeps the size of its tiles on a last page', () => {
    const full = gridBoxes(16, desktop)[0];
    const last = gridBoxes(3, desktop, 16)[0];
    expect(last).toMatchObject({ width: full?.width, height: full?.height });
  });

  test('never makes a tile larger because somebody comes', () => {
    for (const stage of stages) {
      let before = Infinity;
      for (let count = 1; count <= pageSize(stage); count += 1) {
        const { width, height } = gridFor(count, stage);
        expect(width * height).toBeLessThanOrEqual(before * 1.001);
        before = width * height;
      }
    }
  });

  test('of no room at all has no size, and does not fail', () => {
    expect(gridFor(4, { width: 0, height: 0 })).toMatchObject({ width: 0, height: 0 });
  });
});

describe('the spotlight', () => {
  test.each(stages)('leaves most of %o to the large one', (stage) => {
    const fits = stripSize(stage);
    const { large, strip } = spotlightBoxes(40, stage);
    expect(strip).toHaveLength(fits);
    expect(large.width * large.height).toBeGreaterThan(stage.width * stage.height * 0.55);
    for (const box of [large, ...strip]) expect(inside(box, stage)).toBe(true);
    for (const box of strip) expect(overlap(box, large)).toBe(false);
  });

  test('alone takes everything', () => {
    expect(spotlightBoxes(0, desktop)).toEqual({ large: { x: 0, y: 0, ...desktop }, strip: [] });
  });
});
