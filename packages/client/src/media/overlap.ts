/**
 * CALL3, MED4: how long what is replaced goes on, unheard, after what replaces it has arrived here: others may not be that far.
 * Shorter: a gap for them; longer: everything is sent twice.
 */
const LINGER_MS = 4_000;
/** The same for a device where it took long: that tells of machines or networks on which it takes others long as well. */
const LONGEST_LINGER_MS = 15_000;
/** Longer than this nobody is waited for. */
export const GIVE_UP_MS = 20_000;

/** @param tookMs - from when it began until everything had arrived */
export const lingerMs = (tookMs: number): number =>
  Math.min(Math.max(2 * tookMs, LINGER_MS), LONGEST_LINGER_MS);
