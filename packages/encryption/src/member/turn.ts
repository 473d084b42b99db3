/** In ms and members. Each says what gets worse when it is changed. */
const TURN = {
  /** Shorter: two commit at once, and one of them for nothing; longer: a call waits for who is gone. */
  betweenMs: 400,
  /** What the first waits in a large call. Shorter: more epochs where many come at once; longer: everybody comes later. */
  batchMs: 100,
  /** Members above which the first waits. */
  batchedMembers: 8,
} as const;

/**
 * How long after the first proposal of an epoch a member commits, in ms: the lowest leaf first. Null where its own leaf is being
 * removed.
 *
 * @param leaves - of all members
 * @param leaving - those that the proposals remove: they have no turn
 */
export function turnDelay(
  leaves: readonly number[],
  leaving: ReadonlySet<number>,
  ownLeaf: number,
): number | null {
  if (leaving.has(ownLeaf)) return null;
  const before = leaves.filter((leaf) => leaf < ownLeaf && !leaving.has(leaf)).length;
  if (before > 0) return before * TURN.betweenMs;
  return leaves.length > TURN.batchedMembers ? TURN.batchMs : 0;
}
