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
