import { createServer, type Server } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PEOPLE } from '@visavis/characters';
import { chromium, type Browser, type Page } from 'playwright-core';
import { launch } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleInPage } from '../characters/bundle.ts';
import { isNight } from '../harness/night.ts';
import { CHROMIUM_PATH, createCameraScript, ensureCharacterMedia } from '../characters/render.ts';

const FIREFOX_PATH = process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr';
const ARTIFACTS = fileURLToPath(new URL('../artifacts/', import.meta.url));
const PAGE =
  '<!doctype html><title>Camera</title><body style="margin:0"><video id="video" autoplay muted playsinline></video>';

let server: Server;
let address: string;

beforeAll(async () => {
  await mkdir(ARTIFACTS, { recursive: true });
  // as strict as a real page: the reader and the drawn camera must not depend on loading anything
  server = createServer((_, response) => {
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no address');
  address = `http://127.0.0.1:${bound.port}/`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

interface CameraSight {
  readonly personId: string;
  readonly index: number;
  readonly width: number;
  readonly height: number;
}

function seeCamera({ personId, index, width, height }: CameraSight): void {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const media = (await ensureCharacterMedia({ people: [personId], width, height })).get(personId);
    if (media === undefined) throw new Error('no film');
    browser = await chromium.launch({
      executablePath: CHROMIUM_PATH,
      args: [
        '--no-sandbox',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${media.video}`,
        `--use-file-for-fake-audio-capture=${media.audio}`,
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    page = await browser.newPage({ viewport: { width, height } });
    await page.goto(address);
    await page.evaluate(await bundleInPage());
    await page.evaluate(startCamera, { width, height });
  });

  afterAll(() => browser.close());

  test('shows who it is, in pictures that advance at 30 a second and come round again', async () => {
    const seen = await page.evaluate(collectMarks, 6000);
    expect(seen.size).toEqual({ width, height });
    expect(seen.unread).toBeLessThanOrEqual(1);
    expect(new Set(seen.marks.map(({ person }) => person))).toEqual(new Set([index]));
    const frames = seen.marks.map(({ frame }) => frame);
    expect(Math.max(...frames)).toBeLessThan(150);
    expect(new Set(frames).size).toBeGreaterThan(60);
    const steps = frames.slice(1).map((frame, n) => (frame - (frames[n] ?? 0) + 150) % 150);
    const perSecond = (steps.reduce((sum, step) => sum + step, 0) * 1000) / seen.elapsedMs;
    expect(perSecond).toBeGreaterThan(25);
    expect(perSecond).toBeLessThan(35);
    expect(frames.some((frame, n) => n > 0 && frame < (frames[n - 1] ?? 0))).toBe(true);
    await page.screenshot({ path: `${ARTIFACTS}characters-${personId}.png` });
  });

  test('keeps its colours', async () => {
    // the light margin of the mark is drawn as #f6f4ee
    const [red = 0, green = 0, blue = 0] = await page.evaluate(readPixel, { x: 36 / 1280, y: 640 / 720 });
    expect(Math.abs(red - 0xf6)).toBeLessThan(9);
    expect(Math.abs(green - 0xf4)).toBeLessThan(9);
    expect(Math.abs(blue - 0xee)).toBeLessThan(9);
  });

  test('speaks', async () => {
    expect(await page.evaluate(measureLoudness, 2500)).toBeGreaterThan(0.02);
  });

  test('is still recognised after VP8 at 320 × 180', async () => {
    const seen = await page.evaluate(sendOverVp8, width / 320);
    expect(seen.size).toEqual({ width: 320, height: 180 });
    expect(new Set(seen.persons)).toEqual(new Set([index]));
    expect(seen.readShare).toBeGreaterThan(0.9);
  });
}

const TITLE = '$personId as the camera of Chromium at $width × $height';
describe.for([{ personId: 'ben', index: 1, width: 1280, height: 720 }])(TITLE, seeCamera);
// Differs in its size alone.
describe.skipIf(!isNight).for([{ personId: 'ana', index: 0, width: 640, height: 360 }])(TITLE, seeCamera);

// What tests/e2e/firefox.test.ts recognises every time.
describe.skipIf(!isNight)('a drawn person as the camera of Firefox', () => {
  test('carries the same mark, with the time of drawing, and sound', async () => {
    const browser = await launch({
      browser: 'firefox',
      executablePath: FIREFOX_PATH,
      extraPrefsFirefox: {
        'media.navigator.permission.disabled': true,
        'media.peerconnection.ice.loopback': true,
        'media.navigator.streams.fake': true,
      },
    });
    try {
      const page = await browser.newPage();
      await page.setViewport({ width: 640, height: 360 });
      await page.evaluateOnNewDocument(await createCameraScript({ personId: 'farah' }));
      await page.goto(address);
      await page.evaluate(startCamera, { width: 640, height: 360 });
      const seen = await page.evaluate(collectMarks, 3000);
      expect(seen.size).toEqual({ width: 640, height: 360 });
      expect(new Set(seen.marks.map(({ person }) => PEOPLE[person]?.id))).toEqual(new Set(['farah']));
      expect(new Set(seen.marks.map(({ frame }) => frame)).size).toBeGreaterThan(10);
      for (const { frame, now } of seen.marks) expect((now - frame + 65536) % 65536).toBeLessThan(1000);
      expect(await page.evaluate(receiveSound)).toBeGreaterThan(0);
      await page.screenshot({ path: `${ARTIFACTS}characters-firefox.png` });
    } finally {
      await browser.close();
    }
  });
});

/** Runs in the page. */
async function startCamera({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): Promise<void> {
  const video = document.querySelector('video');
  if (video === null) throw new Error('no video');
  video.srcObject = await navigator.mediaDevices.getUserMedia({
    video: { width, height },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  await video.play();
}

interface Seen {
  readonly size: { readonly width: number; readonly height: number };
  readonly elapsedMs: number;
  /** Pictures without a readable mark. */
  readonly unread: number;
  readonly marks: readonly { readonly person: number; readonly frame: number; readonly now: number }[];
}

/** Runs in the page: the mark of each new picture of the video, for so long. */
async function collectMarks(forMs: number): Promise<Seen> {
  const video = document.querySelector('video');
  if (video === null) throw new Error('no video');
  const marks: { person: number; frame: number; now: number }[] = [];
  let unread = 0;
  const nextPicture = (): Promise<number> =>
    new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const start = await nextPicture();
  let now = start;
  while (now - start < forMs) {
    const mark = visavisCharacters.readVideoMark(video);
    if (mark === undefined) unread++;
    else marks.push({ ...mark, now: Date.now() & 0xffff });
    now = await nextPicture();
  }
  return {
    size: { width: video.videoWidth, height: video.videoHeight },
    elapsedMs: now - start,
    unread,
    marks,
  };
}

/** Runs in the page: one pixel of the video, its place as parts of width and height. */
function readPixel({ x, y }: { readonly x: number; readonly y: number }): readonly number[] {
  const video = document.querySelector('video');
  const context = document.createElement('canvas').getContext('2d');
  if (video === null || context === null) throw new Error('no video');
  context.drawImage(video, x * video.videoWidth, y * video.videoHeight, 1, 1, 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data];
}

/** Runs in the page: the greatest loudness (RMS) of the video's sound in so long a time. */
async function measureLoudness(forMs: number): Promise<number> {
  const stream = document.querySelector('video')?.srcObject;
  if (!(stream instanceof MediaStream)) throw new Error('no stream');
  const audio = new AudioContext();
  await audio.resume();
  const analyser = audio.createAnalyser();
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const start = performance.now();
  let loudest = 0;
  while (performance.now() - start < forMs) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    analyser.getFloatTimeDomainData(samples);
    loudest = Math.max(
      loudest,
      Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length),
    );
  }
  await audio.close();
  return loudest;
}

interface SeenOverVp8 {
  readonly size: { readonly width: number; readonly height: number };
  readonly persons: readonly number[];
  readonly readShare: number;
}

/** Runs in the page: sends the camera through two peer connections as VP8, shrunk, at 150 kbit/s. */
async function sendOverVp8(shrinkBy: number): Promise<SeenOverVp8> {
  const video = document.querySelector('video');
  const stream = video?.srcObject;
  if (!(video instanceof HTMLVideoElement) || !(stream instanceof MediaStream)) throw new Error('no stream');
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new Error('no track');
  const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()];
  sender.addEventListener(
    'icecandidate',
    ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined),
  );
  receiver.addEventListener(
    'icecandidate',
    ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined),
  );
  const received = new Promise<MediaStreamTrack>((resolve) =>
    receiver.addEventListener('track', (event) => resolve(event.track)),
  );
  const transceiver = sender.addTransceiver(track, {
    direction: 'sendonly',
    sendEncodings: [{ scaleResolutionDownBy: shrinkBy, maxBitrate: 150_000 }],
  });
  transceiver.setCodecPreferences(
    RTCRtpReceiver.getCapabilities('video')?.codecs.filter(({ mimeType }) => mimeType === 'video/VP8') ?? [],
  );
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription ?? { type: 'offer' });
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription ?? { type: 'answer' });
  video.srcObject = new MediaStream([await received]);
  await video.play();
  const nextPicture = (): Promise<number> =>
    new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  while (video.videoWidth !== 320) await nextPicture();
  const persons: number[] = [];
  const pictures = 90;
  for (let n = 0; n < pictures; n++) {
    await nextPicture();
    const mark = visavisCharacters.readVideoMark(video);
    if (mark !== undefined) persons.push(mark.person);
  }
  const size = { width: video.videoWidth, height: video.videoHeight };
  video.srcObject = stream;
  sender.close();
  receiver.close();
  return { size, persons, readShare: persons.length / pictures };
}

/** Runs in the page: sends the sound through two peer connections; the energy that arrives within 10 s. */
async function receiveSound(): Promise<number> {
  const stream = document.querySelector('video')?.srcObject;
  if (!(stream instanceof MediaStream)) throw new Error('no stream');
  const [track] = stream.getAudioTracks();
  if (track === undefined) throw new Error('no track');
  const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()];
  sender.addEventListener(
    'icecandidate',
    ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined),
  );
  receiver.addEventListener(
    'icecandidate',
    ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined),
  );
  sender.addTrack(track, stream);
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription ?? { type: 'offer' });
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription ?? { type: 'answer' });
  const start = performance.now();
  let energy = 0;
  while (energy === 0 && performance.now() - start < 10_000) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const energies: number[] = [];
    (await receiver.getStats()).forEach((entry: { readonly totalAudioEnergy?: unknown }) => {
      if (typeof entry.totalAudioEnergy === 'number') energies.push(entry.totalAudioEnergy);
    });
    energy = Math.max(energy, ...energies);
  }
  sender.close();
  receiver.close();
  return energy;
}
