/** All lengths in CSS pixels, origin at the upper left of the stage. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}
/** Insets of the stage, and how far down the name at the upper left reaches. */
export interface StageInsets extends Insets {
  readonly belowName: number;
}
export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** Share of the stage, and the bounds that keep a face recognisable and the other person unhidden. */
const SHARE = 0.05;
const LEAST_AREA = 13_000;
const MOST_AREA = 46_000;
/** How far a flick carries, as time at its last speed. */
const CARRY_MS = 140;

/** Size of the self view for a picture of this aspect (width ÷ height): the same area whichever way it is turned. */
export function selfViewSize(stage: Size, aspect: number): Size {
  const area = Math.min(Math.max(stage.width * stage.height * SHARE, LEAST_AREA), MOST_AREA);
  const shape = Math.min(Math.max(aspect, 0.5), 2);
  const width = Math.sqrt(area * shape);
  return { width: Math.round(width), height: Math.round(width / shape) };
}

/** What stays clear of the self view: name and `banner` above, on a narrow stage the controls below. */
export function stageInsets(stage: Size, safe: Insets, banner = false): StageInsets {
  const narrow = stage.width < 640;
  const side = narrow ? 14 : 24;
  const above = banner ? 150 : 84;
  return {
    top: safe.top + (narrow ? above : side),
    belowName: safe.top + (narrow ? above : 88),
    right: safe.right + side,
    bottom: safe.bottom + (narrow ? 128 : side),
    left: safe.left + side,
  };
}

/** Upper left of a box of this size in that corner. */
export function cornerPosition(corner: Corner, stage: Size, size: Size, insets: StageInsets): Point {
  const right = Math.max(stage.width - insets.right - size.width, insets.left);
  const bottom = Math.max(stage.height - insets.bottom - size.height, insets.top);
  return {
    x: corner.endsWith('left') ? insets.left : right,
    y:
      corner === 'top-left'
        ? Math.min(insets.belowName, bottom)
        : corner === 'top-right'
          ? insets.top
          : bottom,
  };
}

/** The corner that a box let go at `at`, moving at `velocity` (px per ms), falls into. */
export function snapCorner(at: Point, velocity: Point, stage: Size, size: Size, insets: Insets): Corner {
  const middle = {
    x: at.x + velocity.x * CARRY_MS + size.width / 2,
    y: at.y + velocity.y * CARRY_MS + size.height / 2,
  };
  const centre = {
    x: (insets.left + stage.width - insets.right) / 2,
    y: (insets.top + stage.height - insets.bottom) / 2,
  };
  const vertical = middle.y < centre.y ? 'top' : 'bottom';
  return middle.x < centre.x ? `${vertical}-left` : `${vertical}-right`;
}

/** Where an arrow key sends it; the same corner when there is nothing further that way. */
export function moveCorner(corner: Corner, key: string): Corner {
  const [vertical, horizontal] = corner.split('-');
  const side = horizontal === 'left' ? 'left' : 'right';
  const edge = vertical === 'top' ? 'top' : 'bottom';
  switch (key) {
    case 'ArrowLeft':
      return `${edge}-left`;
    case 'ArrowRight':
      return `${edge}-right`;
    case 'ArrowUp':
      return `top-${side}`;
    case 'ArrowDown':
      return `bottom-${side}`;
    default:
      return corner;
  }
}

/** Kept within the stage while it is dragged. */
export function clampToStage(at: Point, stage: Size, size: Size): Point {
  return {
    x: Math.min(Math.max(at.x, 0), Math.max(stage.width - size.width, 0)),
    y: Math.min(Math.max(at.y, 0), Math.max(stage.height - size.height, 0)),
  };
}

/** How a picture lies on the stage. */
export interface Fit {
  readonly fit: 'cover' | 'contain';
  /** Enlarges a picture that is shown whole: less empty stage, at the price of its edges. */
  readonly zoom: number;
}

/** Fill the stage, unless that would cut away more than this share of the picture. */
const MOST_CUT = 0.45;
/** A wide picture on an upright stage loses its sides, where the room is; an upright one would lose heads. */
const WIDE_ZOOM = 1.6;
const UPRIGHT_ZOOM = 1.15;

export function fitFor(stage: Size, picture: Size | null): Fit {
  if (picture === null || stage.height === 0 || picture.height === 0 || picture.width === 0) {
    return { fit: 'cover', zoom: 1 };
  }
  const ratio = stage.width / stage.height / (picture.width / picture.height);
  if (1 - Math.min(ratio, 1 / ratio) <= MOST_CUT) return { fit: 'cover', zoom: 1 };
  return { fit: 'contain', zoom: ratio < 1 ? WIDE_ZOOM : UPRIGHT_ZOOM };
}
