import { emptyPlanes, type Planes } from './planes.ts';

/** How brightness and colours of a picture are counted (W3C webcodecs §9.9). */
export interface Counting {
  /** `rgb`'s weight in brightness. */
  readonly red: number;
  readonly blue: number;
  readonly isFull: boolean;
}

/** ITU-R BT.709 where a picture says so, BT.601 otherwise. */
export const countingOf = (space: VideoColorSpaceInit): Counting => ({
  ...(space.matrix === 'bt709' ? { red: 0.2126, blue: 0.0722 } : { red: 0.299, blue: 0.114 }),
  isFull: space.fullRange === true,
});

/** @param pixels - RGBA of `width × height`, both even */
export function toPlanes(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  { red, blue, isFull }: Counting,
): Planes & { readonly data: Uint8Array<ArrayBuffer> } {
  const planes = emptyPlanes(width, height);
  const [black, range, swing] = isFull ? [0, 1, 255] : [16, 219 / 255, 224];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const [r, g, b] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
      const light = red * r + (1 - red - blue) * g + blue * b;
      planes.data[y * width + x] = black + light * range + 0.5;
      if (x % 2 === 1 || y % 2 === 1) continue;
      const half = (y >> 1) * planes.u.stride + (x >> 1);
      planes.data[planes.u.offset + half] = 128.5 + (((b - light) / (1 - blue) / 2) * swing) / 255;
      planes.data[planes.v.offset + half] = 128.5 + (((r - light) / (1 - red) / 2) * swing) / 255;
    }
  }
  return planes;
}
