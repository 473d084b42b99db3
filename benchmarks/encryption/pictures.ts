/*
 * Pictures with their numbers drawn into them, so that what was generated is known again when it is decoded. Chromium only.
 */

/** Not in the types of the DOM (https://w3c.github.io/mediacapture-transform, as Chromium has it for pages). */
interface TrackGenerator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
declare const MediaStreamTrackGenerator: new (options: { kind: 'video' }) => TrackGenerator;
declare const MediaStreamTrackProcessor: new (options: { track: MediaStreamTrack }) => TrackProcessor;

export const WIDTH = 640;
export const HEIGHT = 360;
const RATE = 30;
/** Blocks of a picture's uppermost part, each one bit of its number. */
const BITS = 16;
const BAND = 40;

export interface Source {
  readonly track: MediaStreamTrack;
  /** When a picture was generated, in ms of the page's clock, by its number. */
  readonly generatedAt: readonly number[];
  close(): void;
}

/** 30 pictures a second in which something moves. */
export function openSource(): Source {
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = generator.writable.getWriter();
  const generatedAt: number[] = [];
  const timer = setInterval(() => {
    const number = generatedAt.length;
    const picture = new VideoFrame(draw(number), {
      format: 'I420',
      codedWidth: WIDTH,
      codedHeight: HEIGHT,
      timestamp: Math.round(performance.now() * 1_000),
    });
    generatedAt.push(performance.now());
    void writer.write(picture);
  }, 1_000 / RATE);
  return {
    track: generator,
    generatedAt,
    close() {
      clearInterval(timer);
      generator.stop();
    },
  };
}

function draw(number: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const bit = (number >> Math.floor((x * BITS) / WIDTH)) & 1;
      // A slope that moves, and grain that is another one in each picture.
      const grain = ((x * 7 + y * 13 + number * 29) * 2_654_435_761) >>> 28;
      pixels[y * WIDTH + x] = y < BAND ? 40 + bit * 170 : ((x + y + number * 3) & 127) + 60 + grain;
    }
  }
  return pixels;
}

/** Tells of each decoded picture: when it came, its number, and how many lines it has. */
export function watch(
  track: MediaStreamTrack,
  handle: (number: number, at: number, lines: number) => void,
): void {
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const next = async (): Promise<void> => {
    const { value: picture } = await reader.read();
    if (picture === undefined) return;
    const at = performance.now();
    handle(await readNumber(picture), at, picture.codedHeight);
    picture.close();
    return next();
  };
  next().catch(() => {});
}

async function readNumber(picture: VideoFrame): Promise<number> {
  const { codedWidth: width, codedHeight: height } = picture;
  const pixels = new Uint8Array(picture.allocationSize());
  const [luma] = await picture.copyTo(pixels);
  const row = (luma?.offset ?? 0) + Math.floor((BAND / HEIGHT / 2) * height) * (luma?.stride ?? width);
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const value = pixels[row + Math.floor(((bit + 0.5) * width) / BITS)] ?? 0;
    if (value > 125) number |= 1 << bit;
  }
  return number;
}
