import { PERSON, type Grid, type Plane, type Planes } from './planes.ts';

/** Cells of the longer side that a background is blurred in. More: it is blurred less for the same work. */
const CELLS = 160;
/** Cells to each side that run into each other, twice over. Less: what stands on a whiteboard can be guessed. */
const REACH = 6;

/** The background of a picture, blurred, without the person: else they would have a glow around them. */
export interface Blurred {
  readonly y: Grid;
  readonly u: Grid;
  readonly v: Grid;
}

/** @returns blurs pictures of one size, into the same grids each time */
export function createBlur(width: number, height: number): (planes: Planes, mask: Grid) => Blurred {
  const longer = Math.max(width, height);
  const gridWidth = Math.max(2, Math.round((CELLS * width) / longer));
  const gridHeight = Math.max(2, Math.round((CELLS * height) / longer));
  const grid = (): Grid => ({
    data: new Float32Array(gridWidth * gridHeight),
    width: gridWidth,
    height: gridHeight,
  });
  const blurred = { y: grid(), u: grid(), v: grid() };
  const weights = grid();
  const rough = grid();
  const spare = grid();

  return (planes, mask) => {
    weigh(mask, rough);
    weights.data.set(rough.data);
    smooth(weights, spare);
    for (const channel of ['y', 'u', 'v'] as const) {
      const { data } = blurred[channel];
      sample(planes[channel], rough, blurred[channel]);
      const mean = meanOf(data, rough.data);
      smooth(blurred[channel], spare);
      for (let at = 0; at < data.length; at += 1) {
        const weight = weights.data[at] ?? 0;
        // Amid the person there is nothing around to be seen, and it is not seen either.
        data[at] = weight > 0.001 ? (data[at] ?? 0) / weight : mean;
      }
    }
    return blurred;
  };
}

/** How little of each cell is of the person, 0 to 1. */
function weigh(mask: Grid, into: Grid): void {
  for (let y = 0; y < into.height; y += 1) {
    const row = Math.floor(((y + 0.5) * mask.height) / into.height) * mask.width;
    for (let x = 0; x < into.width; x += 1) {
      const person = mask.data[row + Math.floor(((x + 0.5) * mask.width) / into.width)] ?? 0;
      into.data[y * into.width + x] = 1 - person / PERSON;
    }
  }
}

/** The mean of four samples of each cell, by its weight: what is blurred need not be seen in full. */
function sample(
  { data, offset, stride, step, width, height }: Plane,
  { data: weights }: Grid,
  into: Grid,
): void {
  const stepX = Math.max(1, Math.floor(width / into.width / 2)) * step;
  const stepY = Math.max(1, Math.floor(height / into.height / 2)) * stride;
  for (let y = 0; y < into.height; y += 1) {
    const row = offset + Math.min(Math.floor((y * height) / into.height), height - 2) * stride;
    for (let x = 0; x < into.width; x += 1) {
      const at = row + Math.min(Math.floor((x * width) / into.width), width - 2) * step;
      const sum =
        (data[at] ?? 0) + (data[at + stepX] ?? 0) + (data[at + stepY] ?? 0) + (data[at + stepX + stepY] ?? 0);
      const cell = y * into.width + x;
      into.data[cell] = (sum / 4) * (weights[cell] ?? 0);
    }
  }
}

/** @param weighted - values times their weights */
function meanOf(weighted: Float32Array, weights: Float32Array): number {
  let sum = 0;
  let weight = 0;
  for (let at = 0; at < weighted.length; at += 1) {
    sum += weighted[at] ?? 0;
    weight += weights[at] ?? 0;
  }
  return weight > 0 ? sum / weight : 128;
}

/** Twice a mean over {@link REACH} cells to each side, across and down: nearly a Gaussian, at a cost that is the same for any reach. */
function smooth(grid: Grid, spare: Grid): void {
  for (let pass = 0; pass < 2; pass += 1) {
    slide(grid.data, spare.data, grid.height, grid.width, 1, grid.width);
    slide(spare.data, grid.data, grid.width, grid.height, grid.width, 1);
  }
}

/** A mean that slides along `count` lines of `length` cells, `step` apart; the edge goes on as it ends. */
function slide(
  from: Float32Array,
  into: Float32Array,
  count: number,
  length: number,
  step: number,
  lineStep: number,
): void {
  const cells = 2 * REACH + 1;
  for (let line = 0; line < count; line += 1) {
    const start = line * lineStep;
    const last = start + (length - 1) * step;
    const valueAt = (index: number): number =>
      from[index < 0 ? start : index >= length ? last : start + index * step] ?? 0;
    let sum = 0;
    for (let index = -REACH; index <= REACH; index += 1) sum += valueAt(index);
    for (let index = 0; index < length; index += 1) {
      into[start + index * step] = sum / cells;
      sum += valueAt(index + REACH + 1) - valueAt(index - REACH);
    }
  }
}
