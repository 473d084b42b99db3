import type { Point, Size } from '../call/corners.ts';

/** Where something lies on the stage, in CSS pixels from its upper left. */
export interface Box extends Point, Size {}

export interface Grid extends Size {
  readonly columns: number;
  readonly rows: number;
}

const GAP_PX = 8;

/** Narrower than this in its narrow direction, a stage is a phone's. */
const PHONE_PX = 600;
const MOST_ON_PHONE = 8;
/** More faces than that on one page nobody looks at, and no device decodes gladly. */
const MOST = 16;

/** How many tiles a page of this stage takes. */
export const pageSize = (stage: Size): number =>
  Math.min(stage.width, stage.height) < PHONE_PX ? MOST_ON_PHONE : MOST;

interface Shapes {
  /** Width ÷ height of a tile: the most upright and the widest that still shows a face well. */
  readonly least: number;
  readonly most: number;
  readonly mostColumns: number;
}

function shapesFor(stage: Size): Shapes {
  const upright = stage.height > stage.width;
  if (upright) return { least: 9 / 16, most: 16 / 10, mostColumns: stage.width < PHONE_PX ? 2 : 3 };
  return { least: 6 / 5, most: 16 / 9, mostColumns: MOST };
}

/**
 * Columns, rows and the size of a tile for `count` tiles: the arrangement with the largest tiles, and of two nearly alike
 * the one that leaves fewer gaps.
 */
export function gridFor(count: number, stage: Size): Grid {
  const { least, most, mostColumns } = shapesFor(stage);
  const wanted = Math.max(count, 1);
  // One alone has all of it, as in a call between two.
  if (wanted === 1) return { columns: 1, rows: 1, ...stage };
  let best: Grid = { columns: 1, rows: wanted, width: 0, height: 0 };
  let bestScore = -1;
  for (let columns = 1; columns <= Math.min(wanted, mostColumns); columns += 1) {
    const rows = Math.ceil(wanted / columns);
    const width = (stage.width - (columns - 1) * GAP_PX) / columns;
    const height = (stage.height - (rows - 1) * GAP_PX) / rows;
    if (width <= 0 || height <= 0) continue;
    const tile = {
      width: Math.floor(Math.min(width, height * most)),
      height: Math.floor(Math.min(height, width / least)),
    };
    const gaps = columns * rows - wanted;
    const score = tile.width * tile.height * (1 - gaps * 0.02);
    if (score <= bestScore) continue;
    bestScore = score;
    best = { columns, rows, ...tile };
  }
  return best;
}

/**
 * The boxes of a grid, row by row; the grid lies in the middle of the stage, and so does its last row.
 *
 * @param like - take tiles as large as for that many, so that they do not swell on a last page
 */
export function gridBoxes(count: number, stage: Size, like = count): readonly Box[] {
  const { columns, width, height } = gridFor(like, stage);
  const rows = Math.ceil(count / columns);
  const top = Math.floor((stage.height - rows * height - (rows - 1) * GAP_PX) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = Math.floor((stage.width - inRow * width - (inRow - 1) * GAP_PX) / 2);
    return {
      x: left + (index - row * columns) * (width + GAP_PX),
      y: top + row * (height + GAP_PX),
      width,
      height,
    };
  });
}

export interface Spotlight {
  readonly large: Box;
  /** Of the filmstrip, as many as fit on one page. */
  readonly strip: readonly Box[];
}

/** How much of the stage the filmstrip takes, and the bounds of its tiles' short edge. */
const STRIP_SHARE = 0.17;
const LEAST_STRIP_PX = 84;
const MOST_STRIP_PX = 236;
const STRIP_ASPECT = 16 / 10;
const UPRIGHT_ASPECT = 1;

/** How many tiles fit in the filmstrip, and whether it stands at the right or lies below. */
function stripOf(stage: Size): { readonly upright: boolean; readonly tile: Size; readonly fits: number } {
  const upright = stage.height > stage.width;
  if (upright) {
    const height = Math.round(Math.min(Math.max(stage.height * STRIP_SHARE, LEAST_STRIP_PX), MOST_STRIP_PX));
    const width = Math.round(height * UPRIGHT_ASPECT);
    return {
      upright,
      tile: { width, height },
      fits: Math.max(Math.floor((stage.width + GAP_PX) / (width + GAP_PX)), 1),
    };
  }
  const width = Math.round(
    Math.min(Math.max(stage.width * STRIP_SHARE, LEAST_STRIP_PX * STRIP_ASPECT), MOST_STRIP_PX),
  );
  const height = Math.round(width / STRIP_ASPECT);
  return {
    upright,
    tile: { width, height },
    fits: Math.max(Math.floor((stage.height + GAP_PX) / (height + GAP_PX)), 1),
  };
}

export const stripSize = (stage: Size): number => stripOf(stage).fits;

/** One large, and `count` small ones beside it, or below it on an upright stage. */
export function spotlightBoxes(count: number, stage: Size): Spotlight {
  if (count === 0) return { large: { x: 0, y: 0, ...stage }, strip: [] };
  const { upright, tile, fits } = stripOf(stage);
  const shown = Math.min(count, fits);
  if (upright) {
    const total = shown * tile.width + (shown - 1) * GAP_PX;
    const left = Math.floor((stage.width - total) / 2);
    const y = stage.height - tile.height;
    return {
      large: { x: 0, y: 0, width: stage.width, height: y - GAP_PX },
      strip: Array.from({ length: shown }, (_, at) => ({
        x: left + at * (tile.width + GAP_PX),
        y,
        ...tile,
      })),
    };
  }
  const total = shown * tile.height + (shown - 1) * GAP_PX;
  const top = Math.floor((stage.height - total) / 2);
  const x = stage.width - tile.width;
  return {
    large: { x: 0, y: 0, width: x - GAP_PX, height: stage.height },
    strip: Array.from({ length: shown }, (_, at) => ({
      x,
      y: top + at * (tile.height + GAP_PX),
      ...tile,
    })),
  };
}
