import type { Slot } from '../frames/keyId.ts';

/**
 * Gives each layer of a simulcast, told by its SSRC, a slot of its own, in the order in which their first frames come. Which of
 * them is the largest is of no importance: a slot is a counter and a replay window. Where one begins anew with another SSRC and
 * none is free, it takes the one that was taken first. Throws a `RangeError` where there is no slot at all.
 */
export function createSlotChoice(slots: readonly Slot[]): (ssrc: number | undefined) => Slot {
  /** Oldest first. */
  const taken: { readonly ssrc: number | undefined; readonly slot: Slot }[] = [];
  return (ssrc) => {
    const known = taken.find((entry) => entry.ssrc === ssrc);
    if (known !== undefined) return known.slot;
    const free = slots.find((slot) => !taken.some((entry) => entry.slot === slot));
    const slot = free ?? taken.shift()?.slot;
    if (slot === undefined) throw new RangeError('no slot');
    taken.push({ ssrc, slot });
    return slot;
  };
}
