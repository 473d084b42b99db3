/** YUV4MPEG2, the one kind of film whose rate a browser's fake camera reads from the file. */

/**
 * A picture as I420 in the limited range of ITU-R BT.601, as that camera expects it: Y of all pixels, then U and V of each
 * 2×2 block.
 *
 * @param data - RGBA of `width × height` pixels, both even
 */
export function toI420(data: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const area = width * height;
  const planes = new Uint8Array(area + area / 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const [red = 0, green = 0, blue = 0] = [data[at * 4], data[at * 4 + 1], data[at * 4 + 2]];
      planes[at] = 16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256;
      if (x % 2 === 1 || y % 2 === 1) continue;
      const block = area + (y / 2) * (width / 2) + x / 2;
      planes[block] = 128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 256;
      planes[block + area / 4] = 128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 256;
    }
  }
  return planes;
}

/** @param fps - a whole number of pictures a second */
export const y4mHeader = (width: number, height: number, fps: number): string =>
  `YUV4MPEG2 W${String(width)} H${String(height)} F${String(fps)}:1 Ip A1:1 C420jpeg\n`;

/** Stands before each picture. */
export const Y4M_FRAME = 'FRAME\n';
