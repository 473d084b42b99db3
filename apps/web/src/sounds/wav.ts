const HEADER = 44;
const BYTES = 2;

/** One channel as a WAV file of 16 bits (RIFF, WAVE_FORMAT_PCM). */
export function toWav(samples: Float32Array, sampleRate: number): ArrayBuffer {
  const file = new ArrayBuffer(HEADER + samples.length * BYTES);
  const view = new DataView(file);
  const text = (at: number, letters: string): void => {
    for (let index = 0; index < letters.length; index += 1)
      view.setUint8(at + index, letters.charCodeAt(index));
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + samples.length * BYTES, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * BYTES, true);
  view.setUint16(32, BYTES, true);
  view.setUint16(34, 8 * BYTES, true);
  text(36, 'data');
  view.setUint32(40, samples.length * BYTES, true);
  for (const [index, sample] of samples.entries()) {
    view.setInt16(HEADER + index * BYTES, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  }
  return file;
}
