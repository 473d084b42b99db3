import type { HistoryEntry } from '../../model/model.ts';
import { words } from '../../words/index.ts';

const MISSED: ReadonlySet<HistoryEntry['outcome']> = new Set([
  'missed',
  'no_answer',
  'cancelled',
  'busy',
  'unavailable',
]);

/** Somebody called and this person didn't get it. */
export function isMissed(entry: Pick<HistoryEntry, 'direction' | 'outcome'>): boolean {
  return entry.direction === 'incoming' && MISSED.has(entry.outcome);
}

export function outcomeWords(entry: Pick<HistoryEntry, 'direction' | 'outcome'>): string {
  return words.recents.outcome[entry.direction][entry.outcome];
}
