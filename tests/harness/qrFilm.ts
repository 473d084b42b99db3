import { writeFile } from 'node:fs/promises';
import { toI420, Y4M_FRAME, y4mHeader } from '../characters/y4m.ts';
import type { Tab } from './tab.ts';

const WIDTH = 640;
const HEIGHT = 480;
/** Of the height, that the code takes up. */
const SHARE = 0.75;
const FRAMES = 4;

/** A code as a page draws it. */
export interface ShownCode {
  readonly size: number;
  readonly path: string;
}

/** The code on the screen of a window. */
export const readShownCode = (tab: Tab): Promise<ShownCode | null> =>
  tab.evaluate<ShownCode | null>(`(() => {
    const drawn = document.querySelector('.qr-code');
    const path = drawn?.querySelector('path')?.getAttribute('d') ?? null;
    return path === null ? null : { size: drawn.viewBox.baseVal.width, path };
  })()`);

/**
 * What a camera films that is held before a screen, as a file that a browser's fake camera plays from when it is opened.
 *
 * @param code - null: nothing is on the screen yet
 */
export async function writeQrFilm(path: string, code: ShownCode | null): Promise<void> {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(128);
  const isDark = code === null ? () => true : fill(code);
  const side = HEIGHT * SHARE;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const size = code?.size ?? 1;
      const grey = isDark(Math.floor((x / side) * size), Math.floor((y / side) * size)) ? 30 : 225;
      const at = (Math.round((HEIGHT - side) / 2) + y) * WIDTH + Math.round((WIDTH - side) / 2) + x;
      data.fill(grey, at * 4, at * 4 + 3);
    }
  }
  const frame = Buffer.concat([Buffer.from(Y4M_FRAME), toI420(data, WIDTH, HEIGHT)]);
  const frames = Array.from({ length: FRAMES }, () => frame);
  await writeFile(path, Buffer.concat([Buffer.from(y4mHeader(WIDTH, HEIGHT, 10)), ...frames]));
}

/** Whether a module lies in one of the path's rectangles. */
function fill({ size, path }: ShownCode): (x: number, y: number) => boolean {
  const dark = new Set<number>();
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g))
    for (let at = Number(x); at < Number(x) + Number(width); at += 1) dark.add(Number(y) * size + at);
  return (x, y) => dark.has(y * size + x);
}
