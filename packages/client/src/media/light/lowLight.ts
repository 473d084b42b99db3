/** Below it a face is hardly to be made out; of 255. Higher: rooms are complained about that look cosy. */
const DIM_LUMA = 34;
/** From here on it is bright enough again. Nearer to the other: the hint comes and goes with a lamp that flickers. */
const CLEAR_LUMA = 46;
/** Looks in a row. Fewer: a hand before the lens is a dark room; more: the hint comes late. */
const DIM_LOOKS = 3;
const CLEAR_LOOKS = 2;

/** What is known of the light that somebody sits in, look by look. */
export interface Light {
  readonly isLow: boolean;
  /** Looks in a row that say the opposite. */
  readonly against: number;
}
export const ENOUGH_LIGHT: Light = { isLow: false, against: 0 };

/** @param luma - mean of a picture, 0 to 255; null: there was no picture to look at, which says nothing */
export function lookAtLight(light: Light, luma: number | null): Light {
  if (luma === null) return light;
  const isAgainst = light.isLow ? luma > CLEAR_LUMA : luma < DIM_LUMA;
  if (!isAgainst) return light.against === 0 ? light : { ...light, against: 0 };
  const against = light.against + 1;
  return against < (light.isLow ? CLEAR_LOOKS : DIM_LOOKS)
    ? { ...light, against }
    : { isLow: !light.isLow, against: 0 };
}

/**
 * The mean of the luma of BT.601, 0 to 255; null without a pixel.
 *
 * @param pixels - RGBA, 8 bits each, as of a canvas; a few hundred of them suffice
 */
export function meanLuma(pixels: Uint8ClampedArray): number | null {
  if (pixels.length < 4) return null;
  let sum = 0;
  for (let at = 0; at + 3 < pixels.length; at += 4)
    sum += 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
  return (sum * 4) / pixels.length;
}
