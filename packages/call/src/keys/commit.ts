import { done, isBeingRemoved, leafOf, propose, tell } from './group.ts';
import type { KeyEvent, KeyGroup, KeyLeaf, KeyProposal, KeyScene, KeyStep } from './types.ts';

type Committed = Extract<KeyEvent, { type: 'keys_committed' }>;

/** KEY3: the first commit of an epoch makes the next one. What it does not cover is proposed anew there. */
export function commitKeys(keys: KeyGroup | null, event: Committed, scene: KeyScene): KeyStep {
  const { deviceId, commit, welcome, read } = event;
  const refuse = (refusal: 'KEYS_STALE' | 'BAD_MESSAGE'): KeyStep => ({ keys, effects: [], refusal });
  if (keys?.generation !== commit.generation || keys.epoch !== commit.epoch) return refuse('KEYS_STALE');
  if (read === null || read.leaf !== leafOf(keys, deviceId)) return refuse('BAD_MESSAGE');
  const covered = keys.proposals.slice(0, read.covered);
  if (covered.length === 0 || covered.length !== read.covered) return refuse('BAD_MESSAGE');
  const removed = covered.filter(({ type }) => type === 'remove');
  const isOwnRemoval = isBeingRemoved({ ...keys, proposals: covered }, read.leaf);
  if (isOwnRemoval || (removed.length > 0 && !read.hasPath)) return refuse('BAD_MESSAGE');
  const isWelcoming = covered.length > removed.length;
  if (isWelcoming !== (welcome !== null)) return refuse('BAD_MESSAGE');

  const leaves = changeLeaves(keys.leaves, covered);
  const epoch = keys.epoch + 1;
  const { callId } = scene;
  const told = tell(
    scene,
    keys.leaves.map((each) => each.deviceId),
    { type: 'keys_committed', callId, payload: { ...commit, by: deviceId } },
  );
  // Whoever has asked again meanwhile could not follow it.
  const welcomed = covered.flatMap((each) =>
    each.type === 'add' && !keys.wishes.some(({ deviceId: other }) => other === each.deviceId)
      ? [each.deviceId]
      : [],
  );
  const welcomes =
    welcome === null
      ? []
      : tell(scene, welcomed, {
          type: 'keys_welcome',
          callId,
          payload: { generation: keys.generation, epoch, welcome },
        });
  const proposals = carryOver(keys, leaves, keys.proposals.slice(covered.length));
  const next: KeyGroup = {
    generation: keys.generation,
    epoch,
    leaves,
    proposals: [],
    wishes: [],
    waitingSinceAt: null,
  };
  const step = propose(next, proposals, scene);
  return done(step.keys, [...told, ...welcomes, ...step.effects]);
}

/** RFC 9420 §12.3, §12.1.1: first the removals, then each Add into the leftmost free leaf. */
function changeLeaves(before: readonly KeyLeaf[], covered: readonly KeyProposal[]): readonly KeyLeaf[] {
  const leaves = before.filter(
    ({ leaf }) => !covered.some((each) => each.type === 'remove' && each.leaf === leaf),
  );
  for (const each of covered) {
    if (each.type !== 'add') continue;
    const free = leaves.findIndex(({ leaf }, place) => leaf !== place);
    const leaf = free === -1 ? leaves.length : free;
    leaves.splice(leaf, 0, { leaf, deviceId: each.deviceId });
  }
  return leaves;
}

/** What the next epoch begins with: what is left of this one, then what was wished for by those who are members now. */
function carryOver(
  { wishes }: KeyGroup,
  leaves: readonly KeyLeaf[],
  left: readonly KeyProposal[],
): readonly KeyProposal[] {
  const wishOf = (deviceId: string) => wishes.find((each) => each.deviceId === deviceId);
  const kept = left.flatMap((each): KeyProposal[] => {
    const wished = each.type === 'add' ? wishOf(each.deviceId) : undefined;
    if (each.type === 'remove' || wished === undefined) return [each];
    // Not added yet: the wish takes its place.
    return wished.keyPackage === null ? [] : [{ ...each, keyPackage: wished.keyPackage }];
  });
  const isLeft = (deviceId: string): boolean =>
    left.some((each) => each.type === 'add' && each.deviceId === deviceId);
  const fulfilled = wishes.flatMap(({ deviceId, keyPackage }): KeyProposal[] => {
    if (isLeft(deviceId)) return [];
    const leaf = leaves.find((each) => each.deviceId === deviceId)?.leaf;
    const removal: KeyProposal[] = leaf === undefined ? [] : [{ type: 'remove', deviceId, leaf }];
    return keyPackage === null ? removal : [...removal, { type: 'add', deviceId, keyPackage }];
  });
  return [...kept, ...fulfilled];
}
