import { PERSON, type Grid, type Planes } from './planes.ts';
import type { Segmenter } from './segmenter.ts';

/** By how many degrees a picture is to be turned clockwise to be upright, as phones give them. */
export type Rotation = 0 | 90 | 180 | 270;

/** Less sure than this is no person; surer than the other is one. Further apart: edges glow; nearer: they are jagged. */
const SURELY_NOT = 0.25;
const SURELY = 0.75;
/** Of the newest mask in the one that is used. Less: what moves has a tail; more: edges flicker. */
const NEW_SHARE = 0.7;

/** Where the person is in pictures of one size. The same object each time, with what is new in it. */
export interface MaskMaker {
  /** @param planes - to be looked at; null: the person is where they were */
  make(planes: Planes | null): Grid;
}

/** @param rotation - of the pictures; the mask is as they are, not upright */
export function createMaskMaker(
  segmenter: Segmenter,
  width: number,
  height: number,
  rotation: Rotation,
): MaskMaker {
  const upright = rotation % 180 === 0 ? { width, height } : { width: height, height: width };
  // Upright pictures of phones are looked at as they are, with nothing beside them: pressed flat, people are not known.
  const scale = Math.min(segmenter.width / upright.width, segmenter.height / upright.height);
  const inner = { width: Math.round(upright.width * scale), height: Math.round(upright.height * scale) };
  const left = (segmenter.width - inner.width) >> 1;
  const top = (segmenter.height - inner.height) >> 1;
  const [cellsX, cellsY] = rotation % 180 === 0 ? [inner.width, inner.height] : [inner.height, inner.width];
  const mask: Grid = { data: new Float32Array(cellsX * cellsY), width: cellsX, height: cellsY };
  /** For each cell of the mask its pixel of the segmenter. */
  const pixels = Uint32Array.from({ length: cellsX * cellsY }, (_, cell) => {
    const x = cell % cellsX;
    const y = Math.floor(cell / cellsX);
    const [across, down] = turn(x, y, cellsX, cellsY, rotation);
    return (top + down) * segmenter.width + left + across;
  });
  let isFirst = true;

  function look({ y: bright, u: blue, v: red }: Planes): void {
    const { input } = segmenter;
    const stepX = Math.max(1, Math.floor(width / cellsX / 2));
    const stepY = Math.max(1, Math.floor(height / cellsY / 2)) * bright.stride;
    for (let cellY = 0, cell = 0; cellY < cellsY; cellY += 1) {
      const y = Math.floor((cellY * height) / cellsY);
      const row = bright.offset + Math.min(y, height - 2) * bright.stride;
      for (let cellX = 0; cellX < cellsX; cellX += 1, cell += 1) {
        const x = Math.floor((cellX * width) / cellsX);
        const at = row + Math.min(x, width - 2);
        const { data } = bright;
        const sum =
          (data[at] ?? 0) +
          (data[at + stepX] ?? 0) +
          (data[at + stepY] ?? 0) +
          (data[at + stepX + stepY] ?? 0);
        const colour = (y >> 1) * blue.stride + (x >> 1) * blue.step;
        const light = (sum / 4 - 16) * 1.164;
        const u = (blue.data[blue.offset + colour] ?? 128) - 128;
        const v = (red.data[red.offset + colour] ?? 128) - 128;
        const to = (pixels[cell] ?? 0) * 3;
        input[to] = unit(light + 1.596 * v);
        input[to + 1] = unit(light - 0.392 * u - 0.813 * v);
        input[to + 2] = unit(light + 2.017 * u);
      }
    }
  }

  return {
    make(planes) {
      if (planes === null && !isFirst) return mask;
      if (planes === null) throw new Error('nobody has been looked for yet');
      look(planes);
      const found = segmenter.run();
      const share = isFirst ? 1 : NEW_SHARE;
      isFirst = false;
      const { data } = mask;
      for (let cell = 0; cell < data.length; cell += 1) {
        const sure = ((found[pixels[cell] ?? 0] ?? 0) - SURELY_NOT) / (SURELY - SURELY_NOT);
        const person = sure <= 0 ? 0 : sure >= 1 ? PERSON : sure * PERSON;
        const next = (data[cell] ?? 0) + (person - (data[cell] ?? 0)) * share;
        // Whole at its ends: what is all person, or none, is cheap to draw.
        data[cell] = next > PERSON - 2 ? PERSON : next < 2 ? 0 : next;
      }
      return mask;
    },
  };
}

const unit = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 1 : value / 255);

/** Where (x, y) of `width × height` is once that is turned clockwise. */
function turn(
  x: number,
  y: number,
  width: number,
  height: number,
  rotation: Rotation,
): readonly [number, number] {
  switch (rotation) {
    case 0:
      return [x, y];
    case 90:
      return [height - 1 - y, x];
    case 180:
      return [width - 1 - x, height - 1 - y];
    case 270:
      return [y, width - 1 - x];
  }
}
