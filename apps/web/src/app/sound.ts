import { isPlain, type DenoiseFiles, type QualityWishes, type SoundWishes } from '@visavis/client';
// What is imported is its address, made by the build.
// oxlint-disable-next-line import/default
import workletUrl from '@visavis/client/denoise-worklet?worker&url';
import wasmUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';

/** Strong noise suppression, loaded from this server when it is first turned on. */
export const DENOISE_FILES: DenoiseFiles = { workletUrl, wasmUrl };

/** What is to be heard says what sound may cost. */
export const withMusic = (quality: QualityWishes, sound: SoundWishes): QualityWishes => ({
  ...quality,
  music: isPlain(sound),
});
