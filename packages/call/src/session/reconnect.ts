/** Waits before the first, second, … try; the last one repeats. */
const DELAYS_MS = [0, 300, 1_000, 2_000, 4_000, 7_000] as const;

/**
 * How long to wait before the next try to connect, with full jitter so that the devices of a lost server do not come back
 * all at once.
 *
 * @param attempt - 0 for the first try after a loss
 * @param random - 0 ≤ random < 1
 * @returns ms
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const longest = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] ?? 7_000;
  return Math.round(longest * random);
}
