import { entriesOf, readEntries, selectedPair, type Entries, type Entry } from '../statistics/entries.ts';
import type { MediaPath } from './types.ts';

/** Whether the candidate pair in use goes through a relay on either end; null while there is none. */
export const pathOf = (report: RTCStatsReport): MediaPath | null => pathIn(readEntries(report));

export function pathIn(entries: Entries): MediaPath | null {
  const pair = selectedPair(entries);
  return pair === null ? null : pathOver(pair, entries);
}

/** Whether media go through a relay although a direct pair of candidates has worked: the browser has given that one up. */
export function hasMissedDirect(report: RTCStatsReport): boolean {
  const entries = readEntries(report);
  if (pathIn(entries) !== 'relayed') return false;
  return entriesOf(entries, 'candidate-pair').some(
    (pair) =>
      pathOver(pair, entries) === 'direct' &&
      pair.text('state') === 'succeeded' &&
      (pair.number('responsesReceived') ?? 0) > 0,
  );
}

function pathOver(pair: Entry, entries: Entries): MediaPath {
  const ends = ['localCandidateId', 'remoteCandidateId'].map((key) => entries.get(pair.text(key) ?? ''));
  return ends.some((candidate) => candidate?.text('candidateType') === 'relay') ? 'relayed' : 'direct';
}
