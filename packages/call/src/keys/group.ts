import type { KeyEffect, KeyGroup, KeyProposal, KeyScene, KeyStep } from './types.ts';

/** How many proposals members take in an epoch (`MAX_PENDING` of packages/encryption). */
export const MOST_PROPOSALS = 128;

export const done = (keys: KeyGroup | null, effects: readonly KeyEffect[]): KeyStep => ({
  keys,
  effects,
  refusal: null,
});

export const leafOf = (keys: KeyGroup, deviceId: string): number | null =>
  keys.leaves.find((each) => each.deviceId === deviceId)?.leaf ?? null;

/** Whether a commit will remove this leaf. */
export const isBeingRemoved = ({ proposals }: KeyGroup, leaf: number): boolean =>
  proposals.some((each) => each.type === 'remove' && each.leaf === leaf);

export const isBeingAdded = ({ proposals }: KeyGroup, deviceId: string): boolean =>
  proposals.some((each) => each.type === 'add' && each.deviceId === deviceId);

/** Whether anybody is left who could commit. */
export const canCommit = (keys: KeyGroup): boolean =>
  keys.leaves.some(({ leaf }) => !isBeingRemoved(keys, leaf));

/** A generation that has not begun: whoever joins first makes it. */
export const emptyGroup = (generation: number): KeyGroup => ({
  generation,
  epoch: 0,
  leaves: [],
  proposals: [],
  wishes: [],
  waitingSinceAt: null,
});

/** Of one device alone. */
export const firstGroup = (generation: number, deviceId: string): KeyGroup => ({
  ...emptyGroup(generation),
  leaves: [{ leaf: 0, deviceId }],
});

/** The same for those of these devices that are in the call; nothing where that is none. */
export function tell(
  { present }: KeyScene,
  deviceIds: readonly string[],
  message: KeyEffect['message'],
): KeyEffect[] {
  const told = deviceIds.filter((deviceId) => present.includes(deviceId));
  return told.length === 0 ? [] : [{ type: 'keys', deviceIds: told, message }];
}

/** KEY5: the next generation. Those whom it keeps waiting join it anew. */
export function reset(next: KeyGroup, told: readonly string[], scene: KeyScene): KeyStep {
  const { callId } = scene;
  const payload = { generation: next.generation };
  return done(next, tell(scene, told, { type: 'keys_reset', callId, payload }));
}

/** KEY2: proposes these in the epoch as it is, to all its members. */
export function propose(keys: KeyGroup, added: readonly KeyProposal[], scene: KeyScene): KeyStep {
  if (added.length === 0) return done(keys, []);
  const { generation, epoch, leaves, proposals: before } = keys;
  const next: KeyGroup = {
    ...keys,
    proposals: [...before, ...added],
    waitingSinceAt: keys.waitingSinceAt ?? scene.now,
  };
  if (next.proposals.length > MOST_PROPOSALS) return reset(emptyGroup(generation + 1), scene.present, scene);
  const payload = { generation, epoch, from: before.length, proposals: added };
  const members = leaves.map(({ deviceId }) => deviceId);
  return done(next, tell(scene, members, { type: 'keys_proposed', callId: scene.callId, payload }));
}

/** The group with what this device wishes in place of what it wished before. */
export const wish = (keys: KeyGroup, deviceId: string, keyPackage: string | null): KeyGroup => ({
  ...keys,
  wishes: [...keys.wishes.filter((each) => each.deviceId !== deviceId), { deviceId, keyPackage }],
});

/** Those who are not members and wait to be. */
export const newcomersOf = ({ proposals }: KeyGroup): readonly string[] =>
  proposals.flatMap((each) => (each.type === 'add' ? [each.deviceId] : []));
