import type { CallStatistics } from './model.ts';

/** How a connection is for the two who talk, and what limits it. */
export interface Verdict {
  readonly quality: 'good' | 'fair' | 'poor';
  readonly because: 'upload' | 'download' | 'distance' | 'processor' | null;
}

/** Share of lost packets: below the first error correction hides it, above the second speech breaks up. */
const FAIR_LOSS = 0.02;
const POOR_LOSS = 0.08;
/** Round trip: people begin to talk over each other (ITU-T G.114: 150 ms one way), then cannot take turns any more. */
const FAIR_ROUND_TRIP_MS = 300;
const POOR_ROUND_TRIP_MS = 600;

/** What the figures mean, worst cause first; null while nothing is known. */
export function verdictOf(statistics: CallStatistics | null): Verdict | null {
  if (statistics === null || statistics.path === null) return null;
  const upload = statistics.sent.loss ?? 0;
  const download = statistics.received.loss ?? 0;
  const roundTripMs = statistics.roundTripMs ?? 0;
  if (upload >= POOR_LOSS && upload >= download) return { quality: 'poor', because: 'upload' };
  if (download >= POOR_LOSS) return { quality: 'poor', because: 'download' };
  if (roundTripMs >= POOR_ROUND_TRIP_MS) return { quality: 'poor', because: 'distance' };
  if (upload >= FAIR_LOSS && upload >= download) return { quality: 'fair', because: 'upload' };
  if (download >= FAIR_LOSS) return { quality: 'fair', because: 'download' };
  if (roundTripMs >= FAIR_ROUND_TRIP_MS) return { quality: 'fair', because: 'distance' };
  if (statistics.limitation === 'bandwidth') return { quality: 'fair', because: 'upload' };
  if (statistics.limitation === 'cpu') return { quality: 'fair', because: 'processor' };
  return { quality: 'good', because: null };
}
