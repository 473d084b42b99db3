import { drawFrame, PEOPLE } from '@visavis/characters';

/** A moving picture of one of the demo people, as a camera would give it. `aspect` is width ÷ height. */
export function personStream(index: number, aspect = 16 / 9): MediaStream {
  const person = PEOPLE[index];
  const canvas = document.createElement('canvas');
  canvas.height = 720;
  canvas.width = Math.round(720 * aspect);
  const context = canvas.getContext('2d');
  const started = performance.now();
  const draw = (): void => {
    if (person === undefined || context === null) return;
    const image = new Image();
    image.addEventListener('load', () => {
      context.drawImage(image, (canvas.width - 1280) / 2, 0, 1280, 720);
      setTimeout(draw, 120);
    });
    const timeMs = performance.now() - started;
    image.src = `data:image/svg+xml,${encodeURIComponent(drawFrame(person, { timeMs, talking: true }))}`;
  };
  draw();
  return canvas.captureStream(15);
}
