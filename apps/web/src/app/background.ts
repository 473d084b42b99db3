import { backgroundGraphs, type BackgroundFiles, type CaptureOptions } from '@visavis/client';
// What is imported is their addresses, made by the build.
// oxlint-disable-next-line import/default
import workerUrl from '@visavis/client/background-worker?worker&url';
import wasmUrl from '@twilio/video-processors/dist/build/tflite-simd-1-0-0.wasm?url';
import modelUrl from '@twilio/video-processors/dist/build/selfie_segmentation_landscape.tflite?url';
import { BACKGROUND_PICTURES } from '../model/backgrounds.ts';
import { readPreferences } from './preferences.ts';

/** What backgrounds need, loaded from this server when one is first wanted. */
const FILES: BackgroundFiles = { workerUrl, wasmUrl, modelUrl };

/** Pictures are cut to this before they are kept: as large as a camera's. */
const WIDTH = 1_280;
const HEIGHT = 720;
const KEPT_IN = 'visavis-background';
const KEPT_AS = '/own-background';

/** For a capture: what its person wants behind them, as this browser remembers it. */
export const backgroundOptions = (): Pick<
  CaptureOptions,
  'background' | 'openBackgroundGraph' | 'loadBackground'
> => ({
  background: readPreferences(localStorage).background,
  openBackgroundGraph: backgroundGraphs(FILES),
  loadBackground,
});

/** @throws when there is none of this name, or it does not come */
async function loadBackground(name: string): Promise<ImageBitmap> {
  const drawn = BACKGROUND_PICTURES.find((picture) => picture.name === name);
  if (drawn !== undefined) return createImageBitmap(await draw(drawn.url));
  const kept = await (await caches.open(KEPT_IN)).match(KEPT_AS);
  if (kept === undefined) throw new Error('no such picture');
  return createImageBitmap(await kept.blob());
}

/**
 * Keeps a picture of the person's own in this browser, and nowhere else.
 *
 * @throws when it is no picture, or cannot be kept
 */
export async function keepOwnBackground(file: Blob): Promise<void> {
  const url = URL.createObjectURL(file);
  try {
    const canvas = await draw(url);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
    if (blob === null) throw new Error('not a picture');
    await (await caches.open(KEPT_IN)).put(KEPT_AS, new Response(blob));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The middle of a picture, as large as it fills everything. */
async function draw(url: string): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('nothing to draw on');
  const scale = Math.max(WIDTH / image.naturalWidth, HEIGHT / image.naturalHeight);
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  context.drawImage(image, (WIDTH - width) / 2, (HEIGHT - height) / 2, width, height);
  return canvas;
}
