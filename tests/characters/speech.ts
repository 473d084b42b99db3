/** A sound that resembles speech: a buzzing voice shaped by two vowel resonances, syllable by syllable. */

interface Vowel {
  readonly first: number;
  readonly second: number;
}

const VOWELS: readonly Vowel[] = [
  { first: 730, second: 1090 },
  { first: 530, second: 1840 },
  { first: 270, second: 2290 },
  { first: 570, second: 840 },
  { first: 300, second: 870 },
];

const SYLLABLE_SECONDS = 0.19;

/**
 * Synthesises speech-like sound where no speech synthesiser is at hand.
 *
 * @param pitchHz the voice's base frequency, about 100 for a low voice and 220 for a high one
 * @returns mono samples between −1 and 1
 */
export function synthesizeSpeech(
  sampleRate: number,
  seconds: number,
  pitchHz: number,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(sampleRate * seconds));
  const resonances = [createResonance(sampleRate, 90), createResonance(sampleRate, 120)];
  let phase = 0;
  for (let n = 0; n < samples.length; n++) {
    const time = n / sampleRate;
    const syllable = Math.floor(time / SYLLABLE_SECONDS);
    const into = time / SYLLABLE_SECONDS - syllable;
    const vowel = VOWELS[(syllable * 3 + Math.floor(syllable / 4)) % VOWELS.length] ?? {
      first: 500,
      second: 1500,
    };
    const pausing = syllable % 9 === 8 || time > seconds - 0.4;
    const loudness = pausing ? 0 : Math.sin(Math.PI * into) ** 0.6;
    phase += (pitchHz * (1 + 0.08 * Math.sin(time * 4.1) - 0.04 * into)) / sampleRate;
    const buzz = (2 * (phase % 1) - 1) * loudness;
    const voiced =
      (resonances[0]?.(buzz, vowel.first) ?? 0) + 0.6 * (resonances[1]?.(buzz, vowel.second) ?? 0);
    samples[n] = voiced;
  }
  return normalize(samples, 0.5);
}

/** A two-pole resonator whose middle frequency may change with each sample. */
function createResonance(
  sampleRate: number,
  bandwidth: number,
): (input: number, frequency: number) => number {
  let last = 0;
  let beforeLast = 0;
  const radius = Math.exp((-Math.PI * bandwidth) / sampleRate);
  return (input, frequency) => {
    const output =
      input * (1 - radius) +
      2 * radius * Math.cos((2 * Math.PI * frequency) / sampleRate) * last -
      radius * radius * beforeLast;
    beforeLast = last;
    last = output;
    return output;
  };
}

/** The same sound with its loudest sample at `peak`. */
export function normalize(samples: Float32Array<ArrayBuffer>, peak: number): Float32Array<ArrayBuffer> {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return loudest === 0 ? samples : samples.map((sample) => (sample / loudest) * peak);
}
