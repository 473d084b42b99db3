import { encodeQR } from 'qr';
import { expect, test } from 'vitest';
import { readCode } from '../src/components/qr/decode.ts';
import { drawCode, type DrawnCode } from '../src/components/qr/encode.ts';

/** Bytes with every value, and the same each time. */
const bytesOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 151 + length) % 256);

interface View {
  /** Pixels of a module. */
  readonly scale: number;
  /** Radians, clockwise. */
  readonly turn?: number;
  /** Of the far edge, 1: seen straight on. */
  readonly far?: number;
  readonly dark?: number;
  readonly light?: number;
}

/** A picture of a code as a camera may see it: turned, tilted and grey, on a grey wall. */
function look(isDark: (x: number, y: number) => boolean, size: number, view: View) {
  const { scale, turn = 0, far = 1, dark = 0, light = 255 } = view;
  const side = Math.ceil(size * scale * 1.5);
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const depth = 1 + ((1 / far - 1) * (side / 2 - y)) / side;
      const [right, down] = [((x - side / 2) * depth) / scale, ((y - side / 2) * depth) / scale];
      const column = Math.floor(right * Math.cos(turn) + down * Math.sin(turn) + size / 2);
      const row = Math.floor(down * Math.cos(turn) - right * Math.sin(turn) + size / 2);
      const inside = column >= 0 && row >= 0 && column < size && row < size;
      const grey = inside ? (isDark(column, row) ? dark : light) : (dark + light) / 2;
      data.set([grey, grey, grey, 255], (y * side + x) * 4);
    }
  }
  return { width: side, height: side, data };
}

/** Where a drawn path is dark: what an SVG would fill. */
function fill({ size, path }: DrawnCode): (x: number, y: number) => boolean {
  const dark = new Set<number>();
  for (const run of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)) {
    const [x = 0, y = 0, width = 0, back = 0] = run.slice(1).map(Number);
    expect(back).toBe(width);
    for (let at = x; at < x + width; at++) dark.add(y * size + at);
  }
  return (x, y) => dark.has(y * size + x);
}

// A safety number has 65 bytes, a message of an approval about 150; 1 and 1,000 are beyond both.
for (const length of [1, 65, 132, 150, 1_000]) {
  test(`${length} bytes come back out of the picture of their code`, () => {
    const data = bytesOf(length);
    const code = drawCode(data);
    expect(readCode(look(fill(code), code.size, { scale: 4 }))).toEqual(data);
  });
}

test('a code is read turned, upside down, tilted and in bad light', () => {
  const data = bytesOf(65);
  const code = drawCode(data);
  const views: readonly View[] = [
    { scale: 6, turn: 0.3 },
    { scale: 6, turn: Math.PI },
    { scale: 6, turn: -1.2 },
    { scale: 8, far: 0.85 },
    { scale: 6, dark: 90, light: 150 },
  ];
  for (const view of views)
    expect(readCode(look(fill(code), code.size, view)), JSON.stringify(view)).toEqual(data);
});

test('a picture without a code, and one with half of it, have no bytes', () => {
  const code = drawCode(bytesOf(65));
  const dark = fill(code);
  expect(readCode(look(() => false, code.size, { scale: 4 }))).toBeNull();
  expect(readCode(look((x, y) => y < code.size / 2 && dark(x, y), code.size, { scale: 4 }))).toBeNull();
});

test('a code of others is a code without bytes', () => {
  const rows = encodeQR('https://example.org/menu', 'raw', { border: 4 });
  const picture = look((x, y) => rows[y]?.[x] ?? false, rows.length, { scale: 4 });
  expect(readCode(picture)).toEqual(new Uint8Array());
});

test('a drawn code has four light modules all around', () => {
  const code = drawCode(bytesOf(65));
  const dark = fill(code);
  for (let along = 0; along < code.size; along++) {
    for (let depth = 0; depth < 4; depth++) {
      for (const [x, y] of [
        [along, depth],
        [depth, along],
        [along, code.size - 1 - depth],
        [code.size - 1 - depth, along],
      ] as const)
        expect(dark(x, y)).toBe(false);
    }
  }
});
