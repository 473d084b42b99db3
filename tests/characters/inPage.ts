/** What runs inside a page: rendering, a drawn camera in place of a real one, and the reader of marks. */
import {
  drawMark,
  drawSprites,
  LOOP_MS,
  markIndex,
  PEOPLE,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
  placeSprites,
  readMark,
  type Mark,
  type Person,
} from '@visavis/characters';
import { synthesizeSpeech } from './speech.ts';
import { toI420 } from './y4m.ts';

/** Rasterised sprites by name, each as a base64 PNG of the picture's size. */
export type SpriteSheet = Readonly<Record<string, string>>;

export interface FilmOptions {
  readonly personId: string;
  readonly width: number;
  readonly height: number;
  /** Pictures drawn each second; in between, a picture is repeated. */
  readonly fps: number;
  readonly seconds: number;
  /** False for pictures that only people look at. */
  readonly marked: boolean;
}

export interface CameraOptions {
  readonly personId: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Without it, the page draws the sprites itself, which needs a page that may show `data:` images. */
  readonly sprites?: SpriteSheet;
  /** A WAV file in base64; without it, a speech-like sound is synthesised. */
  readonly voice?: string;
}

/** Films are played at this rate: a browser's fake camera takes every MJPEG file as 30 pictures a second. */
export const FILM_RATE = 30;

/** How long a page's sound may take to start before the browser's own (fake) microphone is used instead. */
const SOUND_START_MS = 600;

/** The page's own devices, before anything replaces them; a page that is not secure has none. */
const deviceMedia =
  'mediaDevices' in navigator ? navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices) : undefined;

type Context = CanvasRenderingContext2D;
type Sprites = ReadonlyMap<string, CanvasImageSource>;

/** The pictures of a film, as JPEG in base64, `FILM_RATE` for each second. */
export async function renderFilm(options: FilmOptions): Promise<readonly string[]> {
  const person = findPerson(options.personId);
  const { canvas, context } = createCanvas(options.width, options.height);
  const sprites = await rasterizeSprites(person, options.width, options.height);
  const pictures: string[] = [];
  let drawnIndex = -1;
  for (let n = 0; n < options.seconds * FILM_RATE; n++) {
    const index = Math.floor((n * options.fps) / FILM_RATE);
    if (index !== drawnIndex) {
      const timeMs = (index * 1000) / options.fps;
      paint(context, person, sprites, {
        timeMs,
        loopMs: options.seconds * 1000,
        frame: options.marked ? n : null,
      });
      compressRange(context);
      pictures.push(canvas.toDataURL('image/jpeg', 0.88).split(',')[1] ?? '');
      drawnIndex = index;
    } else {
      pictures.push(pictures.at(-1) ?? '');
    }
  }
  return pictures;
}

/** The pictures of a film, `fps` for each second, as I420 in base64. */
export async function renderRawFilm(options: FilmOptions): Promise<readonly string[]> {
  const { width, height, fps, seconds } = options;
  const person = findPerson(options.personId);
  const { context } = createCanvas(width, height);
  const sprites = await rasterizeSprites(person, width, height);
  return Array.from({ length: seconds * fps }, (_, frame) => {
    const moment = { timeMs: (frame * 1000) / fps, loopMs: seconds * 1000 };
    paint(context, person, sprites, { ...moment, frame: options.marked ? frame : null });
    return toBase64(toI420(context.getImageData(0, 0, width, height).data, width, height));
  });
}

function toBase64(bytes: Uint8Array): string {
  // A call takes only so many arguments.
  const CHUNK = 8_192;
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, n) =>
    String.fromCharCode(...bytes.subarray(n * CHUNK, (n + 1) * CHUNK)),
  );
  return btoa(chunks.join(''));
}

/** The sprites of one person as PNG, for pages that may not load `data:` images. */
export async function renderSpriteSheet(
  personId: string,
  width: number,
  height: number,
): Promise<SpriteSheet> {
  const sprites = await rasterizeSprites(findPerson(personId), width, height);
  const { canvas, context } = createCanvas(width, height);
  const sheet: Record<string, string> = {};
  for (const [name, sprite] of sprites) {
    context.clearRect(0, 0, width, height);
    context.drawImage(sprite, 0, 0);
    sheet[name] = canvas.toDataURL('image/png').split(',')[1] ?? '';
  }
  return sheet;
}

/** A camera and a microphone of a drawn person. It stops drawing and speaking when all of its tracks are stopped. */
export async function createCharacterStream(
  options: CameraOptions,
  wanted: { readonly video: boolean; readonly audio: boolean } = { video: true, audio: true },
): Promise<MediaStream> {
  const stream = new MediaStream();
  if (wanted.video) stream.addTrack(await createVideoTrack(options));
  if (wanted.audio) stream.addTrack(await createAudioTrack(options));
  return stream;
}

function isWanted(constraint: unknown): boolean {
  return constraint !== undefined && constraint !== false;
}

/** Puts the drawn person in the place of the page's camera and microphone. */
export function installCharacterCamera(options: CameraOptions): void {
  if (deviceMedia === undefined) return;
  navigator.mediaDevices.getUserMedia = (constraints) => {
    const video = isWanted(constraints?.video);
    const audio = isWanted(constraints?.audio);
    if (!video && !audio)
      return Promise.reject(new TypeError('At least one of audio and video must be requested'));
    return createCharacterStream(options, { video, audio });
  };
}

/** The mark in the picture that a video shows at this moment. */
export function readVideoMark(video: HTMLVideoElement): Mark | undefined {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return undefined;
  const { context } = createCanvas(width, height);
  context.drawImage(video, 0, 0, width, height);
  return readMark(context.getImageData(0, 0, width, height));
}

async function createVideoTrack(options: CameraOptions): Promise<MediaStreamTrack> {
  const person = findPerson(options.personId);
  const { canvas, context } = createCanvas(options.width, options.height);
  const sprites =
    options.sprites === undefined
      ? await rasterizeSprites(person, options.width, options.height)
      : await decodeSprites(options.sprites);
  const paintNow = (): void => {
    const now = Date.now();
    paint(context, person, sprites, { timeMs: now, loopMs: LOOP_MS, frame: now & 0xffff });
  };
  paintNow();
  const track = firstTrack(canvas.captureStream(options.fps).getVideoTracks());
  const timer = setInterval(() => {
    if (track.readyState === 'ended') clearInterval(timer);
    else paintNow();
  }, 1000 / options.fps);
  return track;
}

/**
 * The person's voice. Firefox starts no `AudioContext` on a machine without a sound card: there the
 * browser's own fake microphone (a steady tone) has to do.
 */
async function createAudioTrack(options: CameraOptions): Promise<MediaStreamTrack> {
  const audio = new AudioContext();
  const started = audio.resume().then(() => true);
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, SOUND_START_MS, false));
  if (!(await Promise.race([started, late])) && deviceMedia !== undefined) {
    void audio.close();
    return firstTrack((await deviceMedia({ audio: true })).getAudioTracks());
  }
  const source = audio.createBufferSource();
  source.buffer =
    options.voice === undefined
      ? synthesizeBuffer(audio)
      : await audio.decodeAudioData(bytesOf(options.voice).buffer);
  source.loop = true;
  const destination = audio.createMediaStreamDestination();
  source.connect(destination);
  source.start();
  const track = firstTrack(destination.stream.getAudioTracks());
  const timer = setInterval(() => {
    if (track.readyState !== 'ended') return;
    clearInterval(timer);
    void audio.close();
  }, 500);
  return track;
}

function firstTrack([track]: readonly MediaStreamTrack[]): MediaStreamTrack {
  if (track === undefined) throw new Error('no track was made');
  return track;
}

function synthesizeBuffer(audio: AudioContext): AudioBuffer {
  const samples = synthesizeSpeech(audio.sampleRate, 5, 160);
  const buffer = audio.createBuffer(1, samples.length, audio.sampleRate);
  buffer.copyToChannel(samples, 0);
  return buffer;
}

interface Instant {
  readonly timeMs: number;
  readonly loopMs: number;
  /** For the mark; null leaves it out. */
  readonly frame: number | null;
}

function paint(context: Context, person: Person, sprites: Sprites, { timeMs, loopMs, frame }: Instant): void {
  const scaleX = context.canvas.width / PICTURE_WIDTH;
  const scaleY = context.canvas.height / PICTURE_HEIGHT;
  for (const { sprite, x, y, degrees, pivotX, pivotY } of placeSprites(person, {
    timeMs,
    talking: true,
    loopMs,
  })) {
    const image = sprites.get(sprite);
    if (image === undefined) continue;
    context.setTransform(scaleX, 0, 0, scaleY, 0, 0);
    context.translate(x + pivotX, y + pivotY);
    context.rotate((degrees * Math.PI) / 180);
    context.translate(-pivotX, -pivotY);
    context.drawImage(image, 0, 0, PICTURE_WIDTH, PICTURE_HEIGHT);
  }
  context.setTransform(scaleX, 0, 0, scaleY, 0, 0);
  if (frame === null) return;
  for (const { x, y, width, height, fill } of drawMark({ person: markIndex(person), frame })) {
    context.fillStyle = fill;
    context.fillRect(x, y, width, height);
  }
}

/**
 * The fake camera takes the full range of a JPEG for the limited range of video and stretches it; this
 * squeezes 0…255 into 16…235 beforehand, by laying a thin grey over everything.
 */
function compressRange(context: Context): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = `rgb(113 113 113 / ${36 / 255})`;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

async function rasterizeSprites(person: Person, width: number, height: number): Promise<Sprites> {
  const sprites = new Map<string, CanvasImageSource>();
  for (const [name, svg] of drawSprites(person)) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const { canvas, context } = createCanvas(width, height);
    context.drawImage(image, 0, 0, width, height);
    sprites.set(name, canvas);
  }
  return sprites;
}

async function decodeSprites(sheet: SpriteSheet): Promise<Sprites> {
  const entries = Object.entries(sheet).map(
    async ([name, png]) =>
      [name, await createImageBitmap(new Blob([bytesOf(png)], { type: 'image/png' }))] as const,
  );
  return new Map(await Promise.all(entries));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
}

function createCanvas(
  width: number,
  height: number,
): { readonly canvas: HTMLCanvasElement; readonly context: Context } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no drawing context');
  return { canvas, context };
}

function findPerson(id: string): Person {
  const person = PEOPLE.find((candidate) => candidate.id === id);
  if (person === undefined) throw new Error(`nobody is called ${id}`);
  return person;
}
