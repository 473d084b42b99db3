/** The picture that the mark's measures belong to. */
export const PICTURE_WIDTH = 1280;
export const PICTURE_HEIGHT = 720;

/** 20 units are 5 pixels in a picture of 320 × 180: enough to survive a video codec there. */
const CELL = 20;
const COLUMNS = 8;
const ROWS = 4;
const LEFT = 40;
const TOP = 600;
const LIGHT = '#f6f4ee';
const DARK = '#16181d';

/** Least difference in luma (of 255) between the mark's own light and dark cells. */
const LEAST_CONTRAST = 70;

/** What a mark says: which person (0 to 15), and a frame counter or time code (0 to 65535). */
export interface Mark {
  readonly person: number;
  readonly frame: number;
}

/** A decoded picture: RGBA, 4 bytes for each pixel, rows from the top. `ImageData` has this shape. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** A filled rectangle in units of the 1280 × 720 picture. */
export interface MarkRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
}

/**
 * The rectangles that make the mark in the lower left corner, to be painted in this order. The first
 * column of cells is dark, light, dark, light, so that a reader finds both levels in the picture
 * itself; the other 28 cells hold person (4 bits), frame in Gray code (16 bits), checksum (8 bits).
 *
 * @throws RangeError when the person or the frame does not fit.
 */
export function drawMark(mark: Mark): readonly MarkRectangle[] {
  const cells = encodeMark(mark);
  const rectangles: MarkRectangle[] = [
    { x: LEFT - 8, y: TOP - 8, width: COLUMNS * CELL + 16, height: ROWS * CELL + 16, fill: LIGHT },
  ];
  cells.forEach((dark, index) => {
    if (!dark) return;
    const { x, y } = cellPlace(index);
    rectangles.push({ x, y, width: CELL, height: CELL, fill: DARK });
  });
  return rectangles;
}

/**
 * Reads the mark from a picture of any size with the proportions of 16:9, from 320 × 180 upwards.
 * Answers `undefined` when there is no mark or it is too damaged for its checksum.
 */
export function readMark(pixels: Pixels): Mark | undefined {
  if (pixels.width < 16 || pixels.height < 9) return undefined;
  const lumas = Array.from({ length: COLUMNS * ROWS }, (_, index) => cellLuma(pixels, index));
  const reference = Array.from({ length: ROWS }, (_, row) => lumas[row * COLUMNS] ?? 0);
  const [darkA = 0, lightA = 0, darkB = 0, lightB = 0] = reference;
  const lightest = Math.min(lightA, lightB);
  const darkest = Math.max(darkA, darkB);
  if (lightest - darkest < LEAST_CONTRAST) return undefined;
  const threshold = (darkA + darkB + lightA + lightB) / 4;
  const bits = lumas.filter((_, index) => index % COLUMNS !== 0).map((luma) => luma < threshold);
  const person = bitsToNumber(bits.slice(0, 4));
  const gray = bitsToNumber(bits.slice(4, 20));
  const checksum = bitsToNumber(bits.slice(20, 28));
  if (checksum !== computeChecksum(person, gray)) return undefined;
  return { person, frame: fromGray(gray) };
}

function encodeMark({ person, frame }: Mark): readonly boolean[] {
  if (!Number.isInteger(person) || person < 0 || person > 15) throw new RangeError('person is not 0 to 15');
  if (!Number.isInteger(frame) || frame < 0 || frame > 0xffff)
    throw new RangeError('frame is not 0 to 65535');
  // neighbouring frames differ in one cell of the counter, which keeps the mark cheap to encode
  const gray = frame ^ (frame >> 1);
  const bits = [
    ...numberToBits(person, 4),
    ...numberToBits(gray, 16),
    ...numberToBits(computeChecksum(person, gray), 8),
  ];
  return Array.from({ length: COLUMNS * ROWS }, (_, index) => {
    const row = Math.floor(index / COLUMNS);
    const column = index % COLUMNS;
    return column === 0 ? row % 2 === 0 : (bits[row * (COLUMNS - 1) + column - 1] ?? false);
  });
}

function cellPlace(index: number): { readonly x: number; readonly y: number } {
  return { x: LEFT + (index % COLUMNS) * CELL, y: TOP + Math.floor(index / COLUMNS) * CELL };
}

/** Mean luma of the middle of a cell; its edges belong half to its neighbours after scaling. */
function cellLuma({ width, height, data }: Pixels, index: number): number {
  const { x, y } = cellPlace(index);
  const scaleX = width / PICTURE_WIDTH;
  const scaleY = height / PICTURE_HEIGHT;
  const fromX = Math.round((x + CELL * 0.28) * scaleX);
  const fromY = Math.round((y + CELL * 0.28) * scaleY);
  const toX = Math.max(fromX + 1, Math.round((x + CELL * 0.72) * scaleX));
  const toY = Math.max(fromY + 1, Math.round((y + CELL * 0.72) * scaleY));
  let sum = 0;
  for (let py = fromY; py < toY; py++) {
    for (let px = fromX; px < toX; px++) {
      const at = (py * width + px) * 4;
      sum += 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    }
  }
  return sum / ((toX - fromX) * (toY - fromY));
}

/** CRC-8 (polynomial 0x07, start 0xff) over the 20 bits, padded to three bytes. */
function computeChecksum(person: number, gray: number): number {
  let crc = 0xff;
  for (const byte of [person, gray >> 8, gray & 0xff]) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++)
      crc = (crc & 0x80) === 0 ? (crc << 1) & 0xff : ((crc << 1) ^ 0x07) & 0xff;
  }
  return crc;
}

function fromGray(gray: number): number {
  let value = gray;
  for (let shift = 1; shift < 16; shift <<= 1) value ^= value >> shift;
  return value;
}

function numberToBits(value: number, count: number): readonly boolean[] {
  return Array.from({ length: count }, (_, index) => ((value >> (count - 1 - index)) & 1) === 1);
}

function bitsToNumber(bits: readonly boolean[]): number {
  return bits.reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
}
