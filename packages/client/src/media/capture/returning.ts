import type { DeviceChoice } from './types.ts';

/** What Chromium calls "whichever the system uses"; its name says which that is at present. */
const SYSTEM = 'default';

export interface DeviceInUse {
  readonly id: string;
  readonly label: string;
}

/**
 * Whether another device than the one in use is to be opened now that the list has changed: the one that was lost is back, or
 * the system has turned to another, as it does for headphones.
 *
 * @param lostId - the one that would be in use if it had not gone away
 * @returns its id; null: all stays as it is
 */
export function deviceToTurnTo(
  before: readonly DeviceChoice[],
  after: readonly DeviceChoice[],
  inUse: DeviceInUse,
  lostId: string | null,
): string | null {
  if (lostId !== null && lostId !== inUse.id && after.some(({ id }) => id === lostId)) return lostId;
  if (inUse.id !== SYSTEM) return null;
  const [old, now] = [systemLabel(before), systemLabel(after)];
  return old !== '' && now !== '' && now !== old && now !== inUse.label ? SYSTEM : null;
}

/** Empty before the first permission. */
const systemLabel = (list: readonly DeviceChoice[]): string =>
  list.find(({ id }) => id === SYSTEM)?.label ?? '';

/**
 * Where sound is played: on the speaker that was chosen as long as there is one.
 *
 * @param list - empty where the browser does not tell (yet)
 * @returns null: where the system plays it
 */
export function speakerInUse(list: readonly DeviceChoice[], chosenId: string | null): string | null {
  if (chosenId === null || list.length === 0) return chosenId;
  return list.some(({ id }) => id === chosenId) ? chosenId : null;
}
