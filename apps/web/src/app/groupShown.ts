import type { CallLinkView, ShownTile } from '../model/model.ts';
import type { HeardAs } from './volumes.ts';

/** What this person has chosen to see and hear of one group call, on this page. */
export interface GroupShown {
  readonly layout: 'grid' | 'spotlight';
  readonly pinnedId: string | null;
  /** By person. */
  readonly volumes: Readonly<Record<string, number>>;
  readonly mutedForMe: readonly string[];
  /** CALL5: the device that was chosen to be shown, by person. */
  readonly deviceIds: Readonly<Record<string, string>>;
  /** Lines of others that were there when the chat was last looked at. */
  readonly readChat: number;
  readonly link: CallLinkView | null;
  readonly tiles: readonly ShownTile[];
  /** The last speaker besides this person. */
  readonly speakerId: string | null;
}

const FIRST_SHOWN: GroupShown = {
  layout: 'grid',
  pinnedId: null,
  volumes: {},
  mutedForMe: [],
  deviceIds: {},
  readChat: 0,
  link: null,
  tiles: [],
  speakerId: null,
};

/** Of all calls on this page, as long as they are shown. */
export interface GroupsShown {
  read(key: string): GroupShown;
  change(key: string, change: Partial<GroupShown>): void;
  keep(keys: readonly string[]): void;
}

/** @param heard - what was chosen for people in earlier calls */
export function createGroupsShown(
  onChange: () => void,
  heard: () => ReadonlyMap<string, HeardAs> = () => new Map(),
): GroupsShown {
  const shown = new Map<string, GroupShown>();
  const first = (): GroupShown => {
    const kept = [...heard()];
    return {
      ...FIRST_SHOWN,
      volumes: Object.fromEntries(kept.map(([userId, { volume }]) => [userId, volume])),
      mutedForMe: kept.flatMap(([userId, { muted }]) => (muted ? [userId] : [])),
    };
  };
  const read = (key: string): GroupShown => shown.get(key) ?? first();
  return {
    read,
    change(key, change) {
      shown.set(key, { ...read(key), ...change });
      onChange();
    },
    keep(keys) {
      for (const key of shown.keys()) if (!keys.includes(key)) shown.delete(key);
    },
  };
}
