import {
  createIds,
  createRandom,
  createVirtualClock,
  type Random,
  type VirtualClock,
} from '@visavis/call/simulation';

/**
 * Wall time at which every run begins, in ms. It is early in 1970 because the integers of the Lua that runs the scripts of
 * Redis have 32 bits.
 */
export const START_AT = 1_000_000_000;

/** What every part of the simulation shares. */
export interface World {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly makeId: (kind: number) => string;
  /** Notes what happens, for the person who looks into a failed seed. */
  readonly note: (text: () => string) => void;
  /** The same for what is asked of the services: there is much of it. */
  readonly detail: (text: () => string) => void;
  readonly counts: Map<string, number>;
  readonly lines: readonly string[];
  /** A broken rule that was found where nobody could be told. */
  fail(error: unknown): void;
}

/** What is noted of a run: slow, for a seed that failed. */
export type Trace = 'nothing' | 'what happens' | 'everything';

export function createWorld(seed: number, trace: Trace): World & { readonly failure: () => unknown } {
  const clock = createVirtualClock(START_AT);
  const lines: string[] = [];
  let failure: unknown = null;
  const write = (text: () => string): void => {
    lines.push(`${String(clock.now() - START_AT)} ${text()}`);
  };
  return {
    random: createRandom(seed),
    clock,
    makeId: createIds(),
    note: trace === 'nothing' ? () => {} : write,
    detail: trace === 'everything' ? write : () => {},
    counts: new Map(),
    lines,
    fail: (error) => {
      failure ??= error;
    },
    failure: () => failure,
  };
}

export function count({ counts }: World, what: string, by = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + by);
}

/** Most of the time it goes fast, sometimes it takes long. */
export const latency = ({ random }: World, slowMs: number): number =>
  random.chance(0.97) ? random.between(0, 4) : random.between(4, slowMs);
