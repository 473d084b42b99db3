/** How one person is to be heard on this device: 0 to 1, or not at all. */
export interface HeardAs {
  readonly volume: number;
  readonly muted: boolean;
}

/** By person: what was chosen for them, and nothing of all others. */
export interface KeptVolumes {
  readonly read: () => ReadonlyMap<string, HeardAs>;
  keep(userId: string, change: Partial<HeardAs>): void;
  forget(): void;
}

const KEY = 'visavis.volumes';
const WHOLE: HeardAs = { volume: 1, muted: false };
/** Whoever was changed longest ago goes first. More: a longer list of whom one knows on this device; fewer: somebody is loud again. */
export const MOST_VOLUMES = 100;

/** Of calls on this device, by a person's id, in both kinds of call. Guests have another id in each call: theirs are not for here. */
export function createKeptVolumes(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  onChange: () => void = () => {},
): KeptVolumes {
  let kept = parse(storage.getItem(KEY));
  return {
    read: () => kept,
    keep(userId, change) {
      const next = new Map(kept);
      const heardAs = { ...(next.get(userId) ?? WHOLE), ...change };
      next.delete(userId);
      if (heardAs.muted || heardAs.volume !== WHOLE.volume) next.set(userId, heardAs);
      kept = new Map([...next].slice(-MOST_VOLUMES));
      if (kept.size === 0) storage.removeItem(KEY);
      else storage.setItem(KEY, JSON.stringify([...kept]));
      onChange();
    },
    forget() {
      kept = new Map();
      storage.removeItem(KEY);
      onChange();
    },
  };
}

/** What cannot be read is left out: then they are heard as all others are. */
function parse(text: string | null): ReadonlyMap<string, HeardAs> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '[]');
  } catch {
    return new Map();
  }
  if (!Array.isArray(value)) return new Map();
  return new Map(value.flatMap((row: unknown) => readRow(row) ?? []).slice(-MOST_VOLUMES));
}

function readRow(row: unknown): [[string, HeardAs]] | null {
  if (!Array.isArray(row)) return null;
  const userId: unknown = row[0];
  const heardAs: unknown = row[1];
  if (typeof userId !== 'string' || typeof heardAs !== 'object' || heardAs === null) return null;
  const { volume, muted }: Record<string, unknown> = { ...heardAs };
  const isVolume = typeof volume === 'number' && volume >= 0 && volume <= 1;
  return [[userId, { volume: isVolume ? volume : WHOLE.volume, muted: muted === true }]];
}
