import type { MediaPath } from './types.ts';

/** Whether the candidate pair in use goes through a relay on either end; null while there is none. */
export function pathOf(report: RTCStatsReport): MediaPath | null {
  const all = new Map<string, object>();
  report.forEach((value: unknown, id) => {
    if (typeof value === 'object' && value !== null) all.set(id, value);
  });
  const pair = selectedPair(all);
  if (pair === undefined) return null;
  const types = ['localCandidateId', 'remoteCandidateId'].map((key) =>
    text(all.get(text(pair, key) ?? ''), 'candidateType'),
  );
  return types.includes('relay') ? 'relayed' : 'direct';
}

/** The transport names it in Chromium, the pair itself says so in Firefox. */
function selectedPair(all: ReadonlyMap<string, object>): object | undefined {
  for (const entry of all.values()) {
    if (text(entry, 'type') !== 'transport') continue;
    const pair = all.get(text(entry, 'selectedCandidatePairId') ?? '');
    if (pair !== undefined) return pair;
  }
  return [...all.values()].find(
    (entry) => text(entry, 'type') === 'candidate-pair' && 'selected' in entry && entry.selected === true,
  );
}

function text(entry: object | undefined, key: string): string | undefined {
  if (entry === undefined) return undefined;
  const value: unknown = Reflect.get(entry, key);
  return typeof value === 'string' ? value : undefined;
}
