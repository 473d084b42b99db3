import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeSpeech } from '../characters/speech.ts';
import { encodeWav } from '../characters/wav.ts';
import type { Tab } from './tab.ts';

const SAMPLE_RATE = 48_000;

/** What a person hears, in blocks without a hole between them. */
export interface Heard {
  /** Length of a block in ms. */
  readonly blockMs: number;
  /** The loudest moment of each block, 0 to 1. */
  readonly peaks: readonly number[];
}

/** Begins to listen to all that the window plays aloud: elements that are muted, paused or gone do not count. */
export const openEar = (tab: Tab): Promise<void> => tab.evaluate<void>(OPEN);

/** What was heard since {@link openEar}. */
export const readEar = (tab: Tab): Promise<Heard> =>
  tab.evaluate<Heard>('({ blockMs: testEar.blockMs, peaks: testEar.peaks.slice() })');

/** @returns the longest time in ms in which less than a tenth of the usual loudness was heard */
export function longestSilence({ blockMs, peaks }: Heard): number {
  const usual = peaks.toSorted((a, b) => a - b)[Math.floor(peaks.length / 2)] ?? 0;
  let longest = 0;
  let length = 0;
  for (const peak of peaks) {
    length = peak < usual / 10 ? length + 1 : 0;
    longest = Math.max(longest, length);
  }
  return longest * blockMs;
}

/** A digit for each block, 9 the loudest. */
export const drawEar = ({ peaks }: Heard): string =>
  peaks.map((peak) => Math.min(9, Math.floor(peak * 10))).join('');

const OPEN = `(async () => {
  const context = new AudioContext();
  await context.resume();
  const block = 1024;
  const ear = { blockMs: block / context.sampleRate * 1000, peaks: [] };
  const taps = new Map();
  const look = () => {
    const sounding = [...document.querySelectorAll('audio, video')].filter((one) =>
      !one.muted && !one.paused && one.volume > 0 && one.srcObject instanceof MediaStream);
    const tracks = new Set(sounding.flatMap(({ srcObject }) => srcObject.getAudioTracks()));
    for (const [track, source] of taps) {
      if (tracks.has(track)) continue;
      source.disconnect();
      taps.delete(track);
    }
    for (const track of tracks) {
      if (taps.has(track)) continue;
      const source = context.createMediaStreamSource(new MediaStream([track]));
      source.connect(mix);
      taps.set(track, source);
    }
  };
  const mix = context.createScriptProcessor(block, 1, 1);
  mix.onaudioprocess = ({ inputBuffer }) => {
    let peak = 0;
    for (const sample of inputBuffer.getChannelData(0)) peak = Math.max(peak, Math.abs(sample));
    ear.peaks.push(peak);
    look();
  };
  mix.connect(context.destination);
  look();
  globalThis.testEar = ear;
})()`;

export interface Hum {
  readonly path: string;
  remove(): Promise<void>;
}

/** A voice that never pauses, in a file for `--use-file-for-fake-audio-capture`. */
export const writeHum = (): Promise<Hum> => writeSound(hum(10));

/** Words with rests as long, and a fan that never rests. */
export const writeNoisyVoice = (): Promise<Hum> => writeSound(noisyVoice());

/** In Hz, of a tone on the left and another on the right. */
export const TWO_TONES = [400, 1_100] as const;

export const writeTwoTones = (): Promise<Hum> => {
  const tone = (frequency: number, at: number): number =>
    0.3 * Math.sin((2 * Math.PI * frequency * at) / SAMPLE_RATE);
  const samples = Float32Array.from({ length: 2 * TONES_S * SAMPLE_RATE }, (_, index) =>
    tone(TWO_TONES[index % 2 === 0 ? 0 : 1], Math.floor(index / 2)),
  );
  return writeSound(samples, 2);
};

/** Whole waves of both tones, so that they begin again without a click. */
const TONES_S = 5;

async function writeSound(samples: Float32Array<ArrayBuffer>, channels = 1): Promise<Hum> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-hum-'));
  const path = join(folder, 'hum.wav');
  await writeFile(path, encodeWav({ sampleRate: SAMPLE_RATE, samples }, channels));
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * How loud each of two frequencies is on the left and on the right of what the window plays of somebody (Goertzel's algorithm over a third of a
 * second): `[left, right]`, each `[first, second]`.
 */
export const hearTones = (
  tab: Tab,
  name: string,
  frequencies: readonly [number, number],
): Promise<readonly (readonly [number, number])[]> =>
  tab.evaluate(`(async () => {
    const element = [...document.querySelectorAll('audio, video')].find((one) =>
      one.getAttribute('aria-label') === 'Sound of ' + ${JSON.stringify(name)} && one.srcObject instanceof MediaStream);
    const context = globalThis.testAudioContext ??= new AudioContext();
    await context.resume();
    const source = context.createMediaStreamSource(new MediaStream(element.srcObject.getAudioTracks()));
    const splitter = context.createChannelSplitter(2);
    source.connect(splitter);
    const ears = [0, 1].map((channel) => {
      const analyser = context.createAnalyser();
      analyser.fftSize = 16_384;
      splitter.connect(analyser, channel);
      return analyser;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const heard = ears.map((ear) => {
      const samples = new Float32Array(ear.fftSize);
      ear.getFloatTimeDomainData(samples);
      return ${JSON.stringify(frequencies)}.map((frequency) => {
        const step = 2 * Math.cos((2 * Math.PI * frequency) / context.sampleRate);
        let [before, last] = [0, 0];
        for (const sample of samples) [before, last] = [last, sample + step * last - before];
        return Math.sqrt(Math.max(0, last * last + before * before - step * last * before)) / samples.length;
      });
    });
    source.disconnect();
    return heard;
  })()`);

const WORDS_S = 1.6;
const ROUNDS = 6;

function noisyVoice(): Float32Array<ArrayBuffer> {
  const words = synthesizeSpeech(SAMPLE_RATE, WORDS_S, 130);
  const samples = new Float32Array(2 * ROUNDS * words.length);
  for (let round = 0; round < ROUNDS; round += 1) samples.set(words, 2 * round * words.length);
  let seed = 1;
  let low = 0;
  return samples.map((sample) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const white = seed / 2 ** 31 - 1;
    low += (white - low) * 0.05;
    return sample + 0.04 * (0.5 * white + 2 * low);
  });
}

/**
 * How loud the latest seconds were, in dB below full scale: what is always there, and what is said.
 *
 * @param lastMs - looked back so far
 */
export function loudnessOf({ blockMs, peaks }: Heard, lastMs: number): { noise: number; voice: number } {
  const sorted = peaks.slice(-Math.ceil(lastMs / blockMs)).toSorted((one, other) => one - other);
  const share = (at: number): number =>
    20 * Math.log10(Math.max(1e-5, sorted[Math.floor(at * sorted.length)] ?? 0));
  return { noise: share(0.2), voice: share(0.9) };
}

/** Glides and swells, since noise suppression takes what stays the same for noise. */
function hum(seconds: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(seconds * SAMPLE_RATE);
  let phase = 0;
  for (const index of samples.keys()) {
    const at = index / SAMPLE_RATE;
    phase += (2 * Math.PI * (150 + 50 * Math.sin(2 * Math.PI * 0.8 * at))) / SAMPLE_RATE;
    let sample = 0;
    for (let harmonic = 1; harmonic <= 14; harmonic += 1) sample += Math.sin(phase * harmonic) / harmonic;
    samples[index] = 0.22 * (0.75 + 0.25 * Math.sin(2 * Math.PI * 3 * at)) * sample;
  }
  return samples;
}
