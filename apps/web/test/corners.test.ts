import { describe, expect, test } from 'vitest';
import {
  clampToStage,
  cornerPosition,
  fitFor,
  moveCorner,
  selfViewSize,
  snapCorner,
  stageInsets,
} from '../src/screens/call/corners.ts';

const NO_SAFE = { top: 0, right: 0, bottom: 0, left: 0 };
const STILL = { x: 0, y: 0 };
const phone = { width: 390, height: 844 };
const desktop = { width: 1440, height: 900 };

describe('the size of the self view', () => {
  test('keeps its area when the picture is turned', () => {
    const wide = selfViewSize(desktop, 16 / 9);
    const tall = selfViewSize(desktop, 9 / 16);
    expect(wide.width * wide.height).toBeCloseTo(tall.width * tall.height, -3);
    expect(wide.width).toBeGreaterThan(wide.height);
    expect(tall.height).toBeGreaterThan(tall.width);
  });

  test.each([phone, { width: 360, height: 640 }, { width: 844, height: 390 }, desktop])(
    'leaves most of %o to the other person',
    (stage) => {
      for (const aspect of [9 / 16, 3 / 4, 4 / 3, 16 / 9]) {
        const { width, height } = selfViewSize(stage, aspect);
        expect(width * height).toBeLessThan(stage.width * stage.height * 0.075);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(72);
      }
    },
  );
});

describe('corners', () => {
  const size = selfViewSize(phone, 3 / 4);
  const insets = stageInsets(phone, NO_SAFE);

  test('every corner lies wholly on the stage, also behind a notch', () => {
    const notched = stageInsets(phone, { top: 47, right: 0, bottom: 34, left: 0 });
    for (const corner of ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const) {
      const at = cornerPosition(corner, phone, size, notched);
      expect(at.x).toBeGreaterThanOrEqual(0);
      expect(at.y).toBeGreaterThanOrEqual(47);
      expect(at.x + size.width).toBeLessThanOrEqual(phone.width);
      expect(at.y + size.height).toBeLessThanOrEqual(phone.height - 34);
    }
  });

  test('let go, it falls into the nearest', () => {
    expect(snapCorner({ x: 10, y: 10 }, STILL, phone, size, insets)).toBe('top-left');
    expect(snapCorner({ x: 300, y: 10 }, STILL, phone, size, insets)).toBe('top-right');
    expect(snapCorner({ x: 10, y: 700 }, STILL, phone, size, insets)).toBe('bottom-left');
    expect(snapCorner({ x: 300, y: 700 }, STILL, phone, size, insets)).toBe('bottom-right');
  });

  test('flicked, it flies on', () => {
    const middle = { x: 100, y: 300 };
    expect(snapCorner(middle, { x: 2, y: 0 }, phone, size, insets)).toBe('top-right');
    expect(snapCorner(middle, { x: -2, y: 2 }, phone, size, insets)).toBe('bottom-left');
  });

  test('falls where it already is', () => {
    for (const corner of ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const) {
      const at = cornerPosition(corner, phone, size, insets);
      expect(snapCorner(at, STILL, phone, size, insets)).toBe(corner);
    }
  });

  test('arrow keys walk through all four', () => {
    expect(moveCorner('top-right', 'ArrowDown')).toBe('bottom-right');
    expect(moveCorner('bottom-right', 'ArrowLeft')).toBe('bottom-left');
    expect(moveCorner('bottom-left', 'ArrowUp')).toBe('top-left');
    expect(moveCorner('top-left', 'ArrowRight')).toBe('top-right');
    expect(moveCorner('top-right', 'ArrowUp')).toBe('top-right');
    expect(moveCorner('top-right', 'm')).toBe('top-right');
  });

  test('is never dragged off the stage', () => {
    expect(clampToStage({ x: -50, y: 9_000 }, phone, size)).toEqual({ x: 0, y: phone.height - size.height });
  });
});

test('a picture fills the stage unless that cuts away nearly half of it', () => {
  const fit = (stage: typeof phone, width: number, height: number): string =>
    fitFor(stage, { width, height }).fit;
  expect(fit(desktop, 1280, 720)).toBe('cover');
  expect(fit(desktop, 720, 1280)).toBe('contain');
  expect(fit(phone, 720, 1280)).toBe('cover');
  expect(fit(phone, 1280, 720)).toBe('contain');
  expect(fit(phone, 0, 0)).toBe('cover');
  expect(fitFor(phone, null)).toEqual({ fit: 'cover', zoom: 1 });
});

test('an enlarged picture still shows more than half of itself', () => {
  expect(fitFor(phone, { width: 1280, height: 720 }).zoom).toBeLessThan(2);
  expect(fitFor(desktop, { width: 720, height: 1280 }).zoom).toBeLessThan(1.5);
});
