import { describe, expect, test } from 'vitest';
import { createBlur } from '../../src/media/background/blur.ts';
import { countingOf, toPlanes } from '../../src/media/background/colour.ts';
import { createMaskMaker, type Rotation } from '../../src/media/background/mask.ts';
import {
  emptyPlanes,
  halve,
  PERSON,
  planesIn,
  putBehind,
  type Grid,
} from '../../src/media/background/planes.ts';
import type { Segmenter } from '../../src/media/background/segmenter.ts';

const WIDTH = 64;
const HEIGHT = 36;

/** A person who fills the left half of what the segmenter is shown. */
function segmenterOf(width = WIDTH, height = HEIGHT): Segmenter {
  const found = Float32Array.from({ length: width * height }, (_, at) => (at % width < width / 2 ? 1 : 0));
  return { width, height, input: new Float32Array(width * height * 3), run: () => found };
}
/** Stripes of black and white, one pixel wide each. */
function stripes(width = WIDTH, height = HEIGHT) {
  const planes = emptyPlanes(width, height);
  for (let at = 0; at < width * height; at += 1) planes.data[at] = at % 2 === 0 ? 16 : 235;
  planes.data.fill(128, width * height);
  return planes;
}
const valueAt = ({ data, width }: Grid, x: number, y: number) => data[y * width + x];

test('what is behind the person is blurred, and the person is as they were to the last bit', () => {
  const planes = stripes();
  const mask = createMaskMaker(segmenterOf(), WIDTH, HEIGHT, 0).make(planes);
  putBehind(planes.y, mask, createBlur(WIDTH, HEIGHT)(planes, mask).y);
  const row = [...planes.data.subarray(18 * WIDTH, 19 * WIDTH)];
  expect(row.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, x) => (x % 2 === 0 ? 16 : 235)));
  const behind = row.slice(36);
  expect(Math.max(...behind) - Math.min(...behind)).toBeLessThan(12);
});

test('the person leaves no glow in what is behind them', () => {
  const planes = emptyPlanes(WIDTH, HEIGHT);
  for (let at = 0; at < WIDTH * HEIGHT; at += 1) planes.data[at] = at % WIDTH < WIDTH / 2 ? 235 : 50;
  const mask = createMaskMaker(segmenterOf(), WIDTH, HEIGHT, 0).make(planes);
  const { y } = createBlur(WIDTH, HEIGHT)(planes, mask);
  const right = [...y.data].filter((_, at) => at % y.width > (y.width * 5) / 8);
  expect(Math.max(...right)).toBeLessThan(60);
});

test('a picture is put behind the person in NV12 as well', () => {
  const area = WIDTH * HEIGHT;
  const data = new Uint8Array(area * 1.5).fill(100);
  const layout = [
    { offset: 0, stride: WIDTH },
    { offset: area, stride: WIDTH },
  ];
  const planes = planesIn(data, 'NV12', { width: WIDTH, height: HEIGHT }, layout);
  const red = new Uint8ClampedArray(area * 4).map((_, at) => (at % 4 === 0 || at % 4 === 3 ? 255 : 0));
  const picture = toPlanes(red, WIDTH, HEIGHT, countingOf({ matrix: 'smpte170m', fullRange: false }));
  const mask = createMaskMaker(segmenterOf(), WIDTH, HEIGHT, 0).make(planes);
  for (const name of ['y', 'u', 'v'] as const) putBehind(planes[name], mask, picture[name]);
  expect([data[5], data[area + 4], data[area + 5]]).toEqual([100, 100, 100]);
  // Red, as ITU-R BT.601 has it in the limited range.
  expect([data[WIDTH - 1], data[area + WIDTH - 2], data[area + WIDTH - 1]]).toEqual([81, 90, 240]);
});

describe('pictures of a phone that are to be turned', () => {
  test.each<readonly [Rotation, number, number]>([
    [0, 2, 18],
    [90, 18, 61],
    [180, 61, 18],
    [270, 18, 2],
  ])('by %i°: the person is where they are once it is upright', (rotation, x, y) => {
    const [width, height] = rotation % 180 === 0 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
    const mask = createMaskMaker(segmenterOf(), width, height, rotation).make(stripes(width, height));
    expect([mask.width, mask.height]).toEqual([width, height]);
    expect(valueAt(mask, x, y)).toBe(PERSON);
    expect(valueAt(mask, width - 1 - x, height - 1 - y)).toBe(0);
  });
});

test('where nobody looks anew the person is where they were', () => {
  let runs = 0;
  const segmenter = segmenterOf();
  const masks = createMaskMaker({ ...segmenter, run: () => (runs++, segmenter.run()) }, WIDTH, HEIGHT, 0);
  const first = [...masks.make(stripes()).data];
  expect([...masks.make(null).data]).toEqual(first);
  expect(runs).toBe(1);
});

test('half as large: the mean of each four', () => {
  const [from, to] = [stripes(), emptyPlanes(WIDTH / 2, HEIGHT / 2)];
  halve(from.y, to.y);
  expect(new Set(to.data.subarray(0, 100))).toEqual(new Set([126]));
});
