import { describe, expect, test } from 'vitest';
import { drawMark, PICTURE_HEIGHT, PICTURE_WIDTH, readMark, type Mark, type Pixels } from '../src/mark.ts';

const SIZES: readonly (readonly [number, number])[] = [
  [1280, 720],
  [960, 540],
  [854, 480],
  [640, 360],
  [426, 240],
  [320, 180],
];

/** Numbers between 0 and 1 that a printed seed brings back. */
function createSeries(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x100000000;
  };
}

/** A picture of `level` grey with the mark painted in, then shrunk by averaging, as a scaler does. */
function paint(mark: Mark | undefined, [width, height]: readonly [number, number], level = 90): Pixels {
  const full = new Float32Array(PICTURE_WIDTH * PICTURE_HEIGHT).fill(level);
  for (const { x, y, width: w, height: h, fill } of mark === undefined ? [] : drawMark(mark)) {
    const value = Number.parseInt(fill.slice(1, 3), 16);
    for (let row = y; row < y + h; row++)
      full.fill(value, row * PICTURE_WIDTH + x, row * PICTURE_WIDTH + x + w);
  }
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      data.fill(
        average(full, px / width, py / height, 1 / width, 1 / height),
        (py * width + px) * 4,
        (py * width + px) * 4 + 3,
      );
    }
  }
  return { width, height, data };
}

function average(full: Float32Array, x: number, y: number, w: number, h: number): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.floor(y * PICTURE_HEIGHT); row < Math.ceil((y + h) * PICTURE_HEIGHT); row++) {
    for (let column = Math.floor(x * PICTURE_WIDTH); column < Math.ceil((x + w) * PICTURE_WIDTH); column++) {
      sum += full[row * PICTURE_WIDTH + column] ?? 0;
      count++;
    }
  }
  return sum / count;
}

function blurred({ width, height, data }: Pixels): Pixels {
  const out = new Uint8ClampedArray(data);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      let sum = 0;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) sum += data[((y + dy) * width + x + dx) * 4] ?? 0;
      out.fill(sum / 9, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height, data: out };
}

function noisy({ width, height, data }: Pixels, amount: number, next: () => number): Pixels {
  const out = new Uint8ClampedArray(data);
  for (let at = 0; at < out.length; at++)
    if (at % 4 !== 3) out[at] = (out[at] ?? 0) * 0.7 + 30 + (next() - 0.5) * amount;
  return { width, height, data: out };
}

describe('the mark', () => {
  for (const size of SIZES) {
    test(`is read back at ${size.join(' × ')}, blurred, with less contrast and with noise`, () => {
      const seed = size[0];
      const next = createSeries(seed);
      for (let round = 0; round < 4; round++) {
        const mark = { person: Math.floor(next() * 16), frame: Math.floor(next() * 65536) };
        const picture = paint(mark, size, Math.floor(next() * 255));
        expect(readMark(picture)).toEqual(mark);
        expect(readMark(noisy(blurred(picture), 90, next)), `seed ${seed}, round ${round}`).toEqual(mark);
      }
    });
  }

  test('holds the least and the greatest values', () => {
    for (const mark of [
      { person: 0, frame: 0 },
      { person: 15, frame: 65535 },
      { person: 9, frame: 32768 },
    ]) {
      expect(readMark(paint(mark, [640, 360]))).toEqual(mark);
    }
  });

  test('is not seen where there is none', () => {
    expect(readMark(paint(undefined, [640, 360]))).toBeUndefined();
    expect(readMark({ width: 2, height: 2, data: new Uint8ClampedArray(16) })).toBeUndefined();
    const next = createSeries(7);
    const noise = {
      width: 640,
      height: 360,
      data: Uint8ClampedArray.from({ length: 640 * 360 * 4 }, () => next() * 255),
    };
    expect(readMark(noise)).toBeUndefined();
  });

  test('is refused when any one cell is damaged', () => {
    const mark = { person: 5, frame: 1234 };
    const { width, height, data } = paint(mark, [1280, 720]);
    for (let cell = 0; cell < 32; cell++) {
      const x = 40 + (cell % 8) * 20;
      const y = 600 + Math.floor(cell / 8) * 20;
      const out = new Uint8ClampedArray(data);
      for (let row = y; row < y + 20; row++) {
        for (let at = (row * width + x) * 4; at < (row * width + x + 20) * 4; at++)
          if (at % 4 !== 3) out[at] = 255 - (out[at] ?? 0);
      }
      expect(readMark({ width, height, data: out }), `cell ${cell}`).toBeUndefined();
    }
  });

  test('does not take what does not fit', () => {
    expect(() => drawMark({ person: 16, frame: 0 })).toThrow(RangeError);
    expect(() => drawMark({ person: 0, frame: 65536 })).toThrow(RangeError);
    expect(() => drawMark({ person: 0, frame: 0.5 })).toThrow(RangeError);
  });
});
