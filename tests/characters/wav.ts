/** Mono sound: samples between −1 and 1. */
export interface Sound {
  readonly sampleRate: number;
  readonly samples: Float32Array<ArrayBuffer>;
}

/** Reads a RIFF/WAVE file of 16-bit PCM; of several channels only the first is kept. */
export function decodeWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 0x52494646) throw new Error('not a RIFF file');
  let channels = 1;
  let sampleRate = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = view.getUint32(at);
    const length = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
    if (name === 0x666d7420) {
      if (view.getUint16(at + 8, true) !== 1 || view.getUint16(at + 22, true) !== 16)
        throw new Error('not 16-bit PCM');
      channels = view.getUint16(at + 10, true);
      sampleRate = view.getUint32(at + 12, true);
    } else if (name === 0x64617461) {
      if (sampleRate === 0) throw new Error('data before format');
      const start = at + 8;
      const count = Math.floor(length / 2 / channels);
      return {
        sampleRate,
        samples: Float32Array.from(
          { length: count },
          (_, n) => view.getInt16(start + n * channels * 2, true) / 32768,
        ),
      };
    }
    at += 8 + length + (length % 2);
  }
  throw new Error('no data chunk');
}

/**
 * Writes 16-bit PCM.
 *
 * @param channels - whose samples come by turns
 */
export function encodeWav({ sampleRate, samples }: Sound, channels = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const words: readonly (readonly [number, number])[] = [
    [0, 0x52494646],
    [8, 0x57415645],
    [12, 0x666d7420],
    [36, 0x64617461],
  ];
  for (const [at, word] of words) view.setUint32(at, word);
  view.setUint32(4, 36 + samples.length * 2, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2 * channels, true);
  view.setUint16(32, 2 * channels, true);
  view.setUint16(34, 16, true);
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, n) =>
    view.setInt16(44 + n * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true),
  );
  return bytes;
}

/** The same sound at another sample rate, by cubic (Hermite) interpolation. */
export function resample({ sampleRate, samples }: Sound, wanted: number): Sound {
  const step = sampleRate / wanted;
  const at = (n: number): number => samples[Math.max(0, Math.min(samples.length - 1, n))] ?? 0;
  const resampled = Float32Array.from({ length: Math.floor(samples.length / step) }, (_, n) => {
    const base = Math.floor(n * step);
    const t = n * step - base;
    const [a, b, c, d] = [at(base - 1), at(base), at(base + 1), at(base + 2)];
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  });
  return { sampleRate: wanted, samples: resampled };
}
