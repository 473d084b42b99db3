import { readEntries, selectedPair, type Entries } from '../statistics/entries.ts';
import type { MediaPath } from './types.ts';

/** Whether the candidate pair in use goes through a relay on either end; null while there is none. */
export const pathOf = (report: RTCStatsReport): MediaPath | null => pathIn(readEntries(report));

export function pathIn(entries: Entries): MediaPath | null {
  const pair = selectedPair(entries);
  if (pair === null) return null;
  const ends = ['localCandidateId', 'remoteCandidateId'].map((key) => entries.get(pair.text(key) ?? ''));
  return ends.some((candidate) => candidate?.text('candidateType') === 'relay') ? 'relayed' : 'direct';
}
