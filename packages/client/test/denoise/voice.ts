import { SAMPLE_RATE } from '../../src/media/denoise/rnnoise.ts';

/** A voice that says vowels with pauses between: pulses of a gliding pitch through two resonances. */
export function speak(seconds: number): Float32Array {
  const samples = new Float32Array(seconds * SAMPLE_RATE);
  let phase = 0;
  const mouths = [resonance(700, 90), resonance(1_220, 110), resonance(2_600, 160)];
  for (let index = 0; index < samples.length; index += 1) {
    const at = index / SAMPLE_RATE;
    phase += (120 + 25 * Math.sin(2 * Math.PI * 0.6 * at)) / SAMPLE_RATE;
    const isPulse = phase >= 1;
    if (isPulse) phase -= 1;
    const pulse = isPulse ? 1 : 0;
    const [first, second, third] = mouths.map((mouth) => mouth(pulse));
    samples[index] = ((first ?? 0) + 0.5 * (second ?? 0) + 0.25 * (third ?? 0)) * loudness(at);
  }
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => (sample / peak) * 0.5);
}

/** Words of half a second with swelling syllables, then a rest as long. */
export const isSpeaking = (at: number): boolean => at % 1 < 0.5;
const loudness = (at: number): number => (isSpeaking(at) ? Math.sin(((at % 1) / 0.5) * Math.PI) ** 0.5 : 0);

function resonance(hertz: number, width: number): (sample: number) => number {
  const r = Math.exp((-Math.PI * width) / SAMPLE_RATE);
  const turn = 2 * r * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE);
  let [one, two] = [0, 0];
  return (sample) => {
    const next = sample + turn * one - r * r * two;
    [two, one] = [one, next];
    return next * (1 - r);
  };
}

/** The same noise each time: white, as hiss, and with most of it low, as a fan. */
export function rustle(seconds: number, amplitude: number): Float32Array {
  const samples = new Float32Array(seconds * SAMPLE_RATE);
  let seed = 1;
  let low = 0;
  for (let index = 0; index < samples.length; index += 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const white = seed / 2 ** 31 - 1;
    low += (white - low) * 0.05;
    samples[index] = amplitude * (0.5 * white + 2 * low);
  }
  return samples;
}
