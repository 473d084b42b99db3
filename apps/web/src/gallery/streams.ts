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

const drawn = new Map<number, Promise<readonly ImageBitmap[]>>();

/** A moving picture of one of the demo people, as a camera would give it. `aspect` is width ÷ height. */
export function personStream(index: number, aspect = 16 / 9, height = 720): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.height = height;
  canvas.width = Math.round(height * aspect);
  const width = (height * 16) / 9;
  const context = canvas.getContext('2d');
  const frames = drawn.get(index) ?? drawFrames(index);
  drawn.set(index, frames);
  void frames.then((frames) => {
    let frame = 0;
    const draw = (): void => {
      const image = frames[frame % frames.length];
      const left = (canvas.width - width) / 2;
      if (image !== undefined && height === 720) context?.drawImage(image, left, 0, width, height);
      // A small picture without the corners, where the mark for tests is.
      else if (image !== undefined) {
        context?.drawImage(image, 140, 0, 1000, 563, left, 0, width, height);
      }
      frame += 1;
      setTimeout(draw, FRAME_MS);
    };
    draw();
  });
  return canvas.captureStream(10);
}

/** A slide that somebody shares: text to be read. */
export function slideStream(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = 1600;
  canvas.height = 1000;
  const context = canvas.getContext('2d');
  const draw = (): void => {
    if (context === null) return;
    context.fillStyle = '#fbfaf6';
    context.fillRect(0, 0, 1600, 1000);
    context.fillStyle = '#1f5f5b';
    context.fillRect(0, 0, 1600, 26);
    context.fillStyle = '#1c1c1a';
    context.font = '700 74px system-ui, sans-serif';
    context.fillText('A weekend at the hut', 120, 190);
    context.font = '400 40px system-ui, sans-serif';
    const rows = [
      'Saturday, 10:00   Meet at the station, platform 2',
      '12:30   Soup and bread at the upper spring',
      '15:00   Arrive, light the stove, draw lots for the beds',
      'Sunday, 9:00   Ridge walk, about four hours',
      '16:12   Train home',
    ];
    rows.forEach((row, index) => {
      context.fillStyle = '#e2793f';
      context.fillRect(122, 286 + index * 92, 18, 18);
      context.fillStyle = '#3a3934';
      context.fillText(row, 168, 312 + index * 92);
    });
    context.fillStyle = '#8a877f';
    context.font = '400 30px system-ui, sans-serif';
    context.fillText('Bring: a sleeping bag, warm socks, the big thermos', 120, 900);
    setTimeout(draw, 400);
  };
  draw();
  return canvas.captureStream(5);
}
