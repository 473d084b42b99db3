import type { UserSummary } from '@visavis/protocol';
import type { VirtualClock } from './clock.ts';
import type { Machines } from './machines.ts';
import type { Random } from './random.ts';

/** What every part of a simulation shares. */
export interface World {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly machines: Machines;
  readonly makeId: (kind: number) => string;
  /** Notes what happens, for the person who looks into a failed seed. */
  readonly note: (text: () => string) => void;
  readonly counts: Counts;
  /** Whether messages are written as text and read by the protocol's schemas, as between real ends. */
  readonly isWireReal: boolean;
}

/** What a run did: a simulation in which nothing happens proves nothing. */
export type Counts = Record<CountName, number>;
type CountName =
  | 'calls'
  | 'connected'
  | 'glares'
  | 'lateAnswers'
  | 'cuts'
  | 'resumed'
  | 'fresh'
  | 'reloads'
  | 'repeats'
  | 'events'
  | 'outages'
  | 'troubles'
  | 'mediaGaveUp';

export const createCounts = (): Counts => ({
  calls: 0,
  connected: 0,
  glares: 0,
  lateAnswers: 0,
  cuts: 0,
  resumed: 0,
  fresh: 0,
  reloads: 0,
  repeats: 0,
  events: 0,
  outages: 0,
  troubles: 0,
  mediaGaveUp: 0,
});

/** Kinds of ids, by which they are told apart in a trace. */
export const KIND = {
  user: 0xa,
  device: 0xd,
  session: 0x5,
  call: 0xc,
  connection: 0xe,
  request: 0x7,
  key: 0x8,
} as const;

/** A person of the simulation and what their settings say. */
export interface SimulatedUser {
  readonly summary: UserSummary;
  readonly callWaiting: boolean;
  readonly doNotDisturb: boolean;
  /** Users whose calls do not ring here (RING8). */
  readonly blocks: ReadonlySet<string>;
}

/** A rule was broken. */
export class RuleBroken extends Error {
  override readonly name = 'RuleBroken';
}

/** Stops the run unless what has to hold holds. */
export function must(holds: boolean, rule: () => string): asserts holds {
  if (!holds) throw new RuleBroken(rule());
}
