import { drawFrame, PEOPLE } from '@visavis/characters';

const FRAMES = 6;
const FRAME_MS = 160;

async function drawFrames(index: number): Promise<readonly ImageBitmap[]> {
  const person = PEOPLE[index];
  if (person === undefined) return [];
  return Promise.all(
    Array.from({ length: FRAMES }, async (_, frame) => {
      const image = new Image();
      const svg = drawFrame(person, { timeMs: frame * FRAME_MS, talking: true });
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      // Drawn once: a drawing would be painted anew for each frame.
      return createImageBitmap(image, { resizeWidth: 1280, resizeHeight: 720 });
    }),
  );
}

/** A moving picture of one of the demo people, as a camera would give it. `aspect` is width ÷ height. */
export function personStream(index: number, aspect = 16 / 9): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.height = 720;
  canvas.width = Math.round(720 * aspect);
  const context = canvas.getContext('2d');
  void drawFrames(index).then((frames) => {
    let frame = 0;
    const draw = (): void => {
      const image = frames[frame % frames.length];
      if (image !== undefined) context?.drawImage(image, (canvas.width - 1280) / 2, 0, 1280, 720);
      frame += 1;
      setTimeout(draw, FRAME_MS);
    };
    draw();
  });
  return canvas.captureStream(10);
}
