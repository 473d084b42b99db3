import { describe, expect, test } from 'vitest';
import { ENOUGH_LIGHT, lookAtLight, meanLuma, type Light } from '../../src/media/light/lowLight.ts';

const after = (lumas: readonly (number | null)[], from: Light = ENOUGH_LIGHT): Light =>
  lumas.reduce<Light>(lookAtLight, from);

const picture = (red: number, green: number, blue: number): Uint8ClampedArray =>
  Uint8ClampedArray.from({ length: 32 * 18 * 4 }, (_, index) => [red, green, blue, 255][index % 4] ?? 0);

describe('the brightness of a picture', () => {
  test.each([
    ['black', picture(0, 0, 0), 0],
    ['white', picture(255, 255, 255), 255],
    ['green is brighter than blue', picture(0, 100, 0), 58.7],
    ['blue', picture(0, 0, 100), 11.4],
    ['no picture', new Uint8ClampedArray(), null],
  ])('%s', (_, pixels, luma) => {
    if (luma === null) expect(meanLuma(pixels)).toBeNull();
    else expect(meanLuma(pixels)).toBeCloseTo(luma, 5);
  });
});

describe('low light', () => {
  test('is said after three looks, and not for a hand before the lens', () => {
    expect(after([20, 20]).isLow).toBe(false);
    expect(after([20, 20, 20]).isLow).toBe(true);
    expect(after([20, 20, 90, 20, 20]).isLow).toBe(false);
  });

  test('is over after two looks', () => {
    const low = after([20, 20, 20]);
    expect(after([90], low).isLow).toBe(true);
    expect(after([90, 90], low).isLow).toBe(false);
    expect(after([90, 20, 90], low).isLow).toBe(true);
  });

  test('does not come and go between the two limits', () => {
    const seen = new Set<boolean>();
    let light = after([20, 20, 20]);
    for (let look = 0; look < 100; look += 1) {
      light = lookAtLight(light, look % 2 === 0 ? 30 : 45);
      seen.add(light.isLow);
    }
    expect(seen).toEqual(new Set([true]));
    expect(after(Array.from({ length: 100 }, (_, look) => (look % 2 === 0 ? 36 : 60))).isLow).toBe(false);
  });

  test('looks without a picture say nothing', () => {
    expect(after([20, null, 20, null, 20]).isLow).toBe(true);
    expect(after([null, null, null, null])).toEqual(ENOUGH_LIGHT);
  });
});
