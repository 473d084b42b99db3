/** What counts as silence, in dB below full scale: the noise of a quiet room lies about there. */
const FLOOR_DB = 60;

/**
 * How loud people find an amplitude.
 *
 * @param amplitude - linear, 0 to 1
 * @returns 0 (60 dB below full scale, or less) to 1
 */
export function loudnessOf(amplitude: number): number {
  if (amplitude <= 0) return 0;
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(amplitude)) / FLOOR_DB));
}

/** In dB: no signal at all. */
const NO_SIGNAL_DB = -120;

/**
 * @param amplitude - linear, 0 to 1
 * @returns in dB below full scale, −120 to 0
 */
export const decibelsOf = (amplitude: number): number =>
  amplitude <= 0 ? NO_SIGNAL_DB : Math.min(0, Math.max(NO_SIGNAL_DB, 20 * Math.log10(amplitude)));
