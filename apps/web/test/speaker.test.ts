import { expect, test } from 'vitest';
import { HANDSET } from '../src/sounds/phrases.ts';
import { renderPhrase } from '../src/sounds/render.ts';
import { toWav } from '../src/sounds/wav.ts';

const RATE = 48_000;
const sound = renderPhrase(HANDSET, RATE);

/** How much of a tone is in a part of a sound. */
function toneIn(samples: Float32Array, hertz: number): number {
  let [real, imaginary] = [0, 0];
  for (const [index, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * index) / RATE;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  }
  return (2 * Math.hypot(real, imaginary)) / samples.length;
}

test('the test sound of a speaker sounds: its notes one after the other, clear and not cut off', () => {
  for (const { hertz, atMs } of HANDSET.notes) {
    const from = (atMs / 1_000) * RATE;
    expect(toneIn(sound.subarray(from, from + 0.15 * RATE), hertz)).toBeGreaterThan(0.05);
    if (atMs > 0) expect(toneIn(sound.subarray(0, 0.15 * RATE), hertz)).toBeLessThan(0.03);
  }
  expect(Math.max(...sound)).toBeLessThan(0.9);
  const steps = sound.map((sample, index) => Math.abs(sample - (sound[index - 1] ?? 0)));
  expect(Math.max(...steps), 'no click').toBeLessThan(0.1);
  expect([...sound.subarray(-RATE / 10)].every((sample) => sample === 0)).toBe(true);
});

test('its file is a WAV of 16 bits with every sample', () => {
  const file = new DataView(toWav(sound, RATE));
  const text = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map((index) => file.getUint8(at + index)));
  expect([text(0), text(8), text(12), text(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
  expect(file.getUint32(4, true)).toBe(file.byteLength - 8);
  expect(file.getUint32(24, true)).toBe(RATE);
  expect(file.getUint32(40, true)).toBe(sound.length * 2);
  const at = 0.2 * RATE;
  expect(file.getInt16(44 + at * 2, true) / 32_767).toBeCloseTo(sound[at] ?? 0, 4);
});
