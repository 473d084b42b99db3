/** Chance that can be had again: the same seed gives the same numbers. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, `min` and `max` included. */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  /** Undefined only from an empty list. */
  pick<Item>(items: readonly Item[]): Item | undefined;
}

/**
 * A small generator (splitmix32): good enough to choose by, worthless for secrets.
 *
 * @param seed - any whole number
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)],
  };
}

/** Makes ids that read well in a trace and that the protocol's schemas accept. */
export function createIds(): (kind: number) => string {
  const counts = new Map<number, number>();
  return (kind) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
  };
}
