import type { Phrase } from './phrases.ts';

/** Silence after the last note, so that it does not end with a click. */
const TAIL_MS = 250;
/** Of a note at its very end. */
const RELEASE_MS = 30;

/** A phrase as samples, −1 to 1, in one channel: for what has to be played by a media element. */
export function renderPhrase(phrase: Phrase, sampleRate: number): Float32Array {
  const lastMs = Math.max(0, ...phrase.notes.map(({ atMs, lengthMs }) => atMs + lengthMs));
  const samples = new Float32Array(Math.ceil(((lastMs + TAIL_MS) / 1_000) * sampleRate));
  for (const { hertz, atMs, lengthMs, loud = 1 } of phrase.notes) {
    const first = Math.round((atMs / 1_000) * sampleRate);
    const count = Math.round((lengthMs / 1_000) * sampleRate);
    for (const [index, partial] of phrase.partials.entries()) {
      const step = (2 * Math.PI * hertz * (index + 1)) / sampleRate;
      // Overtones die away sooner, as in anything that is struck.
      const fade = (3 + index * 2) / lengthMs;
      for (let at = 0; at < count; at += 1) {
        const ms = (at / sampleRate) * 1_000;
        const attack = Math.min(1, ms / phrase.attackMs);
        const release = Math.min(1, (lengthMs - ms) / RELEASE_MS);
        const sample = Math.sin(step * at) * attack * release * Math.exp(-ms * fade);
        samples[first + at] = (samples[first + at] ?? 0) + sample * partial * loud * phrase.volume;
      }
    }
  }
  return samples;
}
