import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PEOPLE } from '@visavis/characters';
import { chromium, type Page } from 'playwright-core';
import { bundleInPage } from './bundle.ts';
import type { SpriteSheet } from './inPage.ts';
import { speak } from './voices.ts';
import { Y4M_FRAME, y4mHeader } from './y4m.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where films and voices are kept, outside version control. */
const MEDIA_DIRECTORY = join(ROOT, '.cache/characters');

/** Debian's Chromium, unless `CHROMIUM_PATH` names another. */
export const CHROMIUM_PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export interface MediaOptions {
  readonly directory?: string;
  /** Handles; everybody when left out. */
  readonly people?: readonly string[];
  /** Length of the film, after which it repeats. */
  readonly seconds?: number;
  readonly width?: number;
  readonly height?: number;
  /** Pictures drawn each second, at most 30. An MJPEG file always holds 30 a second, as the browser plays it. */
  readonly fps?: number;
  /** `y4m`: larger, and played at `fps` without anything to decode. */
  readonly container?: 'mjpeg' | 'y4m';
  /** Whether the pictures carry the mark that tests read. */
  readonly marked?: boolean;
}

export interface CharacterMedia {
  readonly personId: string;
  /** For `--use-file-for-fake-video-capture`. */
  readonly video: string;
  /** WAV for `--use-file-for-fake-audio-capture`. */
  readonly audio: string;
}

/**
 * Makes sure that the films and voices of the people exist, and says where. What exists is used
 * again as long as neither the drawings nor the options changed.
 */
export async function ensureCharacterMedia(
  options: MediaOptions = {},
): Promise<ReadonlyMap<string, CharacterMedia>> {
  const {
    directory = MEDIA_DIRECTORY,
    people = PEOPLE.map(({ id }) => id),
    seconds = 5,
    width = 640,
    height = 360,
    fps = 30,
    marked = true,
    container = 'mjpeg',
  } = options;
  if (fps <= 0 || fps > 30) throw new RangeError('fps is not between 1 and 30');
  const version = await hashSources();
  await mkdir(directory, { recursive: true });
  const media = people.map((personId) => ({
    personId,
    video: join(
      directory,
      `${personId}-${width}x${height}-${fps}fps-${seconds}s${marked ? '' : '-plain'}-${version}.${container}`,
    ),
    audio: join(directory, `${personId}-${version}.wav`),
  }));
  for (const { personId, audio } of media)
    if (!(await exists(audio))) await writeWhole(audio, await speak(personId));
  const missing: CharacterMedia[] = [];
  for (const item of media) if (!(await exists(item.video))) missing.push(item);
  if (missing.length > 0) {
    await withPage(async (page) => {
      for (const { personId, video } of missing) {
        const film = { personId, width, height, fps, seconds, marked };
        const pictures = await (container === 'y4m'
          ? page.evaluate((wanted) => visavisCharacters.renderRawFilm(wanted), film)
          : page.evaluate((wanted) => visavisCharacters.renderFilm(wanted), film));
        const [head, before] = container === 'y4m' ? [y4mHeader(width, height, fps), Y4M_FRAME] : ['', ''];
        const parts = pictures.flatMap((picture) => [Buffer.from(before), Buffer.from(picture, 'base64')]);
        await writeWhole(video, Buffer.concat([Buffer.from(head), ...parts]));
      }
    });
  }
  return new Map(media.map((item) => [item.personId, item]));
}

export interface CameraScriptOptions {
  readonly personId: string;
  readonly directory?: string;
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
}

/**
 * A script for browsers that take no file as a camera (Firefox): run before the page's own scripts, it
 * puts the drawn person in the place of camera and microphone. It loads nothing, so a strict
 * content security policy does not stop it. The mark's frame is the wall clock in ms, modulo 65536.
 */
export async function createCameraScript(options: CameraScriptOptions): Promise<string> {
  const { personId, directory = MEDIA_DIRECTORY, width = 640, height = 360, fps = 25 } = options;
  const version = await hashSources();
  await mkdir(directory, { recursive: true });
  const sheetFile = join(directory, `${personId}-${width}x${height}-${version}.sprites.json`);
  if (!(await exists(sheetFile))) {
    const sheet = await withPage((page) =>
      page.evaluate(([id, w, h]) => visavisCharacters.renderSpriteSheet(id, w, h), [
        personId,
        width,
        height,
      ] as const),
    );
    await writeWhole(sheetFile, JSON.stringify(sheet satisfies SpriteSheet));
  }
  const voice = Buffer.from(await speak(personId)).toString('base64');
  const sprites = await readFile(sheetFile, 'utf8');
  const rest = JSON.stringify({ personId, width, height, fps, voice });
  return `${await bundleInPage()}\nvisavisCharacters.installCharacterCamera({ ...${rest}, sprites: ${sprites} });\n`;
}

/** Runs `work` in an empty page of an own browser that knows `visavisCharacters`. */
async function withPage<Result>(work: (page: Page) => Promise<Result>): Promise<Result> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await bundleInPage() });
    return await work(page);
  } finally {
    await browser.close();
  }
}

/** Changes whenever a drawing, a voice or the renderer changes. */
async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of [join(ROOT, 'packages/characters/src'), join(ROOT, 'tests/characters')]) {
    for (const name of (await readdir(folder)).sort())
      if (name.endsWith('.ts')) hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Writes beside and renames, so that two runs at once never see half a file. */
async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const beside = `${file}.${randomUUID()}.part`;
  await writeFile(beside, content);
  await rename(beside, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const people = process.argv.slice(2);
  const media = await ensureCharacterMedia(people.length === 0 ? {} : { people });
  for (const { video, audio } of media.values()) process.stdout.write(`${video}\n${audio}\n`);
}
