/** One channel of a picture within a buffer: sample (x, y) is at `offset + y * stride + x * step`. */
export interface Plane {
  readonly data: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** A picture as cameras give it: brightness, and two colours of half its width and height. */
export interface Planes {
  readonly y: Plane;
  readonly u: Plane;
  readonly v: Plane;
}

/** Values between which is interpolated: a mask (0 to {@link PERSON}), or a blurred channel (0 to 255). */
export interface Grid {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** In a mask: surely a person. A mask's 0 is surely none. */
export const PERSON = 256;

export const planesOf = ({ y, u, v }: Planes): readonly Plane[] => [y, u, v];

/**
 * I420 (three planes) or NV12 (both colours in one) in a buffer.
 *
 * @param layout - of `VideoFrame.copyTo`
 */
export function planesIn(
  data: Uint8Array,
  format: 'I420' | 'NV12',
  size: { readonly width: number; readonly height: number },
  layout: readonly { readonly offset: number; readonly stride: number }[],
): Planes {
  const [first, second, third] = layout;
  if (first === undefined || second === undefined) throw new Error('planes are missing');
  const half = { data, width: size.width / 2, height: size.height / 2 };
  const y: Plane = { data, ...first, step: 1, ...size };
  if (format === 'NV12') {
    const { offset, stride } = second;
    return {
      y,
      u: { ...half, offset, stride, step: 2 },
      v: { ...half, offset: offset + 1, stride, step: 2 },
    };
  }
  if (third === undefined) throw new Error('planes are missing');
  return { y, u: { ...half, ...second, step: 1 }, v: { ...half, ...third, step: 1 } };
}

/** Three planes of a size in one new buffer, one after the other. */
export function emptyPlanes(
  width: number,
  height: number,
): Planes & { readonly data: Uint8Array<ArrayBuffer> } {
  const area = width * height;
  const data = new Uint8Array(area + area / 2);
  const half = { stride: width / 2 };
  const layout = [
    { offset: 0, stride: width },
    { offset: area, ...half },
    { offset: area + area / 4, ...half },
  ];
  return { data, ...planesIn(data, 'I420', { width, height }, layout) };
}

/** Half as wide and high: the mean of each four. */
export function halve(from: Plane, to: Plane): void {
  const { data, stride, step } = from;
  for (let y = 0; y < to.height; y += 1) {
    let at = from.offset + 2 * y * stride;
    let out = to.offset + y * to.stride;
    for (let x = 0; x < to.width; x += 1, at += 2 * step, out += to.step) {
      const sum =
        (data[at] ?? 0) + (data[at + step] ?? 0) + (data[at + stride] ?? 0) + (data[at + stride + step] ?? 0);
      to.data[out] = (sum + 2) >> 2;
    }
  }
}

/** For each of `size` samples: the cell of `cells` before it, and how far it is towards the next, of {@link PERSON}. */
interface Places {
  readonly cell: Uint16Array;
  readonly share: Uint16Array;
}

function places(size: number, cells: number): Places {
  const cell = new Uint16Array(size);
  const share = new Uint16Array(size);
  for (let index = 0; index < size; index += 1) {
    const at = Math.min(Math.max(((index + 0.5) * cells) / size - 0.5, 0), cells - 1);
    const before = Math.min(Math.floor(at), cells - 2);
    cell[index] = before;
    share[index] = Math.round((at - before) * 256);
  }
  return { cell, share };
}

const known = new Map<string, Places>();
function placesOf(size: number, cells: number): Places {
  const key = `${size} of ${cells}`;
  const found = known.get(key) ?? places(size, cells);
  known.set(key, found);
  return found;
}

/** Rows of samples as wide as a plane. */
type Rows = (y: number, into: Uint16Array) => void;

/** Of a grid, in whole numbers all through: a third of the time of fractions (measured). */
function rowsOf({ data, width: cells, height: lines }: Grid, width: number, height: number): Rows {
  const rows = placesOf(height, lines);
  const { cell, share } = placesOf(width, cells);
  const row = new Int32Array(cells);
  return (y, into) => {
    const from = (rows.cell[y] ?? 0) * cells;
    const down = rows.share[y] ?? 0;
    for (let x = 0; x < cells; x += 1) {
      const above = data[from + x] ?? 0;
      row[x] = (above << 8) + ((data[from + cells + x] ?? 0) - above) * down;
    }
    for (let x = 0; x < width; x += 1) {
      const at = cell[x] ?? 0;
      const before = row[at] ?? 0;
      into[x] = (before + ((((row[at + 1] ?? 0) - before) * (share[x] ?? 0)) >> 8) + 128) >> 8;
    }
  };
}

const rowsOfPicture =
  ({ data, offset, stride, width }: Plane): Rows =>
  (y, into) =>
    into.set(data.subarray(offset + y * stride, offset + y * stride + width));

/** Puts a background behind the person in a plane, in place. */
export function putBehind(plane: Plane, mask: Grid, background: Grid | Plane): void {
  const { width, height, stride, step } = plane;
  const isPicture = 'step' in background;
  const fillPerson = rowsOf(mask, width, height);
  const fillBehind = isPicture ? rowsOfPicture(background) : rowsOf(background, width, height);
  const person = new Uint16Array(width);
  const behind = new Uint16Array(width);
  // Half a cell of what is between cells is hardly another: rows are used again for so long.
  const personRows = Math.max(1, height / mask.height / 2) | 0;
  const behindRows = isPicture ? 1 : Math.max(1, height / background.height / 2) | 0;
  for (let y = 0; y < height; y += 1) {
    if (y % personRows === 0) fillPerson(y, person);
    if (y % behindRows === 0) fillBehind(y, behind);
    blendRow(plane.data, plane.offset + y * stride, step, person, behind);
  }
}

function blendRow(
  data: Uint8Array,
  from: number,
  step: number,
  person: Uint16Array,
  behind: Uint16Array,
): void {
  const width = person.length;
  for (let x = 0, at = from; x < width; x += 1, at += step) {
    const share = person[x] ?? 0;
    if (share === PERSON) continue;
    const back = behind[x] ?? 0;
    data[at] = share === 0 ? back : back + ((((data[at] ?? 0) - back) * share + 128) >> 8);
  }
}
