import {
  canCommit,
  done,
  firstGroup,
  emptyGroup,
  isBeingAdded,
  isBeingRemoved,
  leafOf,
  MOST_PROPOSALS,
  newcomersOf,
  propose,
  reset,
  wish,
} from './group.ts';
import type { KeyGroup, KeyProposal, KeyScene, KeyStep } from './types.ts';

/**
 * KEY1: a device of the call asks to be a member, or asks anew. The first makes the group; all others are proposed, and whoever
 * is a member already is to be removed in the same epoch. Where nobody could commit that any more, it makes the next group.
 */
export function joinKeys(
  keys: KeyGroup | null,
  deviceId: string,
  keyPackage: string,
  scene: KeyScene,
): KeyStep {
  if (keys === null) return done(firstGroup(0, deviceId), []);
  if (keys.leaves.length === 0) return done(firstGroup(keys.generation, deviceId), []);
  if (isBeingAdded(keys, deviceId)) return done(wish(keys, deviceId, keyPackage), []);
  const add: KeyProposal = { type: 'add', deviceId, keyPackage };
  const leaf = leafOf(keys, deviceId);
  if (keys.proposals.length + 2 > MOST_PROPOSALS) return beginAnew(keys, deviceId, scene.present, scene);
  if (leaf === null || isBeingRemoved(keys, leaf)) return propose(keys, [add], scene);
  const step = propose(keys, [{ type: 'remove', deviceId, leaf }, add], scene);
  return isStuck(step, keys) ? beginAnew(keys, deviceId, newcomersOf(keys), scene) : step;
}

/** Whoever asks makes the next group, and these others join it. */
const beginAnew = (keys: KeyGroup, deviceId: string, told: readonly string[], scene: KeyScene): KeyStep =>
  reset(
    firstGroup(keys.generation + 1, deviceId),
    told.filter((each) => each !== deviceId),
    scene,
  );

/** Whether what was proposed leaves nobody who could commit it. */
const isStuck = ({ keys: next }: KeyStep, before: KeyGroup): boolean =>
  next?.generation === before.generation && !canCommit(next);

/**
 * KEY4: whoever is no longer in the call is to be removed, however they left it. To be called after each change of who is in
 * it; does nothing where there is nothing to do.
 */
export function leaveKeys(keys: KeyGroup | null, scene: KeyScene): KeyStep {
  if (keys === null) return done(keys, []);
  const isGone = (deviceId: string): boolean => !scene.present.includes(deviceId);
  const unwelcome = newcomersOf(keys).filter(
    (deviceId) =>
      isGone(deviceId) && !keys.wishes.some((each) => each.deviceId === deviceId && each.keyPackage === null),
  );
  const removals = keys.leaves.flatMap(({ leaf, deviceId }): KeyProposal[] =>
    isGone(deviceId) && !isBeingRemoved(keys, leaf) ? [{ type: 'remove', deviceId, leaf }] : [],
  );
  if (unwelcome.length === 0 && removals.length === 0) return done(keys, []);
  let wished = keys;
  for (const deviceId of unwelcome) wished = wish(wished, deviceId, null);
  const step = propose(wished, removals, scene);
  return isStuck(step, keys) ? reset(emptyGroup(keys.generation + 1), newcomersOf(keys), scene) : step;
}

/** KEY6: whether this is where the call is. Says again what was proposed to members of this epoch. */
export function refreshKeys(
  keys: KeyGroup | null,
  deviceId: string,
  { generation, epoch }: { readonly generation: number; readonly epoch: number },
  { callId }: KeyScene,
): KeyStep {
  const leaf = keys === null ? null : leafOf(keys, deviceId);
  const isCurrent = keys?.generation === generation && keys.epoch === epoch;
  if (keys === null || leaf === null || !isCurrent || isBeingRemoved(keys, leaf))
    return { keys, effects: [], refusal: 'KEYS_STALE' };
  const { proposals } = keys;
  if (proposals.length === 0) return done(keys, []);
  const payload = { generation, epoch, from: 0, proposals };
  return done(keys, [
    { type: 'keys', deviceIds: [deviceId], message: { type: 'keys_proposed', callId, payload } },
  ]);
}
