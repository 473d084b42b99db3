import type { HistoryEntry } from '../model/model.ts';

type Stored = NonNullable<HistoryEntry['quality']>;
/** Share of a call that has to be bad before its entry says so. */
const MUCH = 0.1;

/** Of a call that is over; null: there was nothing to speak of. */
export function remembered({ seconds, fairSeconds, poorSeconds, side }: Stored): string | null {
  if ((fairSeconds + poorSeconds) / seconds < MUCH) return null;
  const poor = poorSeconds / seconds >= MUCH;
  switch (side) {
    case 'own':
      return poor ? 'Your connection was very weak' : 'Your connection was weak';
    case 'other':
      return poor ? 'Their connection was very weak' : 'Their connection was weak';
    case 'both':
      return 'Both connections were weak';
    case 'server':
      return 'The server was slow';
    case 'between':
    case undefined:
      return poor ? 'The connection was very weak' : 'The connection was weak';
  }
}
