/** One entry of an `RTCStatsReport` (https://www.w3.org/TR/webrtc-stats): browsers leave out what they do not know. */
export interface Entry {
  readonly type: string;
  text(key: string): string | null;
  number(key: string): number | null;
  is(key: string): boolean;
}

export type Entries = ReadonlyMap<string, Entry>;

export function readEntries(report: RTCStatsReport): Entries {
  const entries = new Map<string, Entry>();
  report.forEach((value: unknown, id) => {
    if (typeof value === 'object' && value !== null) entries.set(id, toEntry(value));
  });
  return entries;
}

function toEntry(value: object): Entry {
  const read = (key: string): unknown => Reflect.get(value, key);
  const text = (key: string): string | null => {
    const found = read(key);
    return typeof found === 'string' ? found : null;
  };
  return {
    type: text('type') ?? '',
    text,
    number: (key) => {
      const found = read(key);
      return typeof found === 'number' && Number.isFinite(found) ? found : null;
    },
    is: (key) => read(key) === true,
  };
}

export const entriesOf = (entries: Entries, type: string): Entry[] =>
  [...entries.values()].filter((entry) => entry.type === type);

/** The candidate pair in use: the transport names it in Chromium, the pair itself says so in Firefox. */
export function selectedPair(entries: Entries): Entry | null {
  for (const transport of entriesOf(entries, 'transport')) {
    const pair = entries.get(transport.text('selectedCandidatePairId') ?? '');
    if (pair !== undefined) return pair;
  }
  return entriesOf(entries, 'candidate-pair').find((pair) => pair.is('selected')) ?? null;
}
