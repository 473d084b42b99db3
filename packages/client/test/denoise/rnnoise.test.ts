import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createBlocks } from '../../src/media/denoise/blocks.ts';
import { createRnnoise, FRAME, SAMPLE_RATE } from '../../src/media/denoise/rnnoise.ts';
import { isSpeaking, rustle, speak } from './voice.ts';

const SECONDS = 12;
/** Of learning what is noise. */
const FROM = 3;
/** Of the blocks, and of RNNoise itself. */
const DELAY = 2 * FRAME;
const BLOCK = 128;

const readWasm = async (): Promise<ArrayBuffer> => {
  const path = createRequire(import.meta.url).resolve('@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm');
  return new Uint8Array(await readFile(path)).buffer;
};

/** As the worklet does: block after block. */
async function clean(samples: Float32Array): Promise<Float32Array> {
  const denoiser = await createRnnoise(await readWasm());
  const blocks = createBlocks((frame) => denoiser.process(frame));
  const out = new Float32Array(samples.length);
  for (let at = 0; at + BLOCK <= samples.length; at += BLOCK) {
    blocks(samples.subarray(at, at + BLOCK), out.subarray(at, at + BLOCK));
  }
  return out;
}

/** dB of what was heard while somebody spoke, or while nobody did; the edges of words left out. */
function decibels(samples: Float32Array, speaking: boolean, delay = 0): number {
  let sum = 0;
  let count = 0;
  for (let index = FROM * SAMPLE_RATE; index < samples.length - delay; index += 1) {
    const at = index / SAMPLE_RATE;
    const isInside = isSpeaking(at - 0.1) === isSpeaking(at) && isSpeaking(at + 0.1) === isSpeaking(at);
    if (isSpeaking(at) !== speaking || !isInside) continue;
    const sample = samples[index + delay] ?? 0;
    sum += sample * sample;
    count += 1;
  }
  return 10 * Math.log10(sum / count + 1e-12);
}

test(
  'noise falls by more than 15 dB, and a voice in it stays as loud as it was',
  { timeout: 60_000 },
  async () => {
    const voice = speak(SECONDS);
    const noise = rustle(SECONDS, 0.03);
    const dirty = voice.map((sample, index) => sample + (noise[index] ?? 0));
    const cleaned = await clean(dirty);
    const fall = decibels(dirty, false) - decibels(cleaned, false, DELAY);
    const kept = decibels(cleaned, true, DELAY) - decibels(voice, true);
    process.stdout.write(
      `noise ${decibels(dirty, false).toFixed(1)} → ${decibels(cleaned, false, DELAY).toFixed(1)} dB (−${fall.toFixed(1)}), voice ${kept.toFixed(1)} dB\n`,
    );
    expect(fall).toBeGreaterThan(15);
    expect(Math.abs(kept)).toBeLessThan(2);
  },
);

test('without noise a voice stays what it was, sample by sample later', { timeout: 60_000 }, async () => {
  const voice = speak(SECONDS);
  const cleaned = await clean(voice);
  let dot = 0;
  let own = 0;
  let other = 0;
  for (let index = FROM * SAMPLE_RATE; index + DELAY < voice.length; index += 1) {
    const [before, after] = [voice[index] ?? 0, cleaned[index + DELAY] ?? 0];
    dot += before * after;
    own += before * before;
    other += after * after;
  }
  expect(dot / Math.sqrt(own * other)).toBeGreaterThan(0.9);
});

test('blocks of any length come back whole, one frame later', () => {
  for (const block of [1, 127, 128, 256, 480, 1_024]) {
    const blocks = createBlocks(() => {});
    const given = Float32Array.from({ length: 20 * block + 2_000 }, (_, index) => index + 1);
    const got: number[] = [];
    for (let at = 0; at < given.length; at += block) {
      const out = new Float32Array(Math.min(block, given.length - at));
      blocks(given.subarray(at, at + block), out);
      got.push(...out);
    }
    expect(got).toEqual([...new Float32Array(FRAME), ...given].slice(0, given.length));
  }
});

test('what is no RNNoise is refused', async () => {
  await expect(createRnnoise(new ArrayBuffer(8))).rejects.toThrow();
  const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]).buffer;
  await expect(createRnnoise(empty)).rejects.toThrow('RNNoise');
});
