import { commitKeys } from './commit.ts';
import { done, emptyGroup, reset } from './group.ts';
import { joinKeys, refreshKeys } from './join.ts';
import type { KeyEvent, KeyGroup, KeyScene, KeyStep } from './types.ts';

/** How long proposals wait for a commit. Longer: a group that is stuck keeps people out; shorter: slow devices never commit. */
export const STUCK_MS = 3_000;

/** KEY1, KEY3, KEY6: what a device that is in the call asks of its keys. */
export function stepKeys(keys: KeyGroup | null, event: KeyEvent, scene: KeyScene): KeyStep {
  switch (event.type) {
    case 'keys_joined':
      if (event.keyPackage === null) return { keys, effects: [], refusal: 'BAD_KEYS' };
      return joinKeys(keys, event.deviceId, event.keyPackage, scene);
    case 'keys_committed':
      return commitKeys(keys, event, scene);
    case 'keys_refreshed':
      return refreshKeys(keys, event.deviceId, event, scene);
  }
}

/** When the group counts as stuck; null where nothing waits. */
export const keysDeadline = (keys: KeyGroup | null): number | null =>
  keys === null || keys.waitingSinceAt === null ? null : keys.waitingSinceAt + STUCK_MS;

/** KEY5: a group in which nobody commits is given up, and everybody in the call joins the next one. */
export function passKeysDeadline(keys: KeyGroup | null, scene: KeyScene): KeyStep {
  const at = keysDeadline(keys);
  if (keys === null || at === null || at > scene.now) return done(keys, []);
  return reset(emptyGroup(keys.generation + 1), scene.present, scene);
}
