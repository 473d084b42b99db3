/**
 * Which counters of one key id have been accepted: the newest, and the 1,024 that end with it.
 *
 *     too old: refused │ 1,023 … 1 before: once each │ newest │ beyond: accepted, and the window moves
 *
 * Counters are authenticated only by the decryption, so that looking (`isFresh`) and moving (`withCounter`) are two steps: a
 * forged counter must not move the window.
 */
export interface ReplayWindow {
  /** Null until something was accepted. */
  readonly newest: bigint | null;
  /** Bit n: the counter n before the newest was accepted. Bit 0 is always set once there is a newest. */
  readonly seen: bigint;
}

/** Counters. Narrower: what a network reorders is lost; wider: more memory for each key id, 128 bytes as it is. */
export const REPLAY_WIDTH = 1_024n;

const MASK = (1n << REPLAY_WIDTH) - 1n;

export const createReplayWindow = (): ReplayWindow => ({ newest: null, seen: 0n });

/** Whether this counter has not been accepted yet and is not too old to know. Changes nothing. */
export function isFresh({ newest, seen }: ReplayWindow, counter: bigint): boolean {
  if (newest === null || counter > newest) return true;
  const age = newest - counter;
  return age < REPLAY_WIDTH && ((seen >> age) & 1n) === 0n;
}

/**
 * The window after this counter was accepted, to be called only when decryption succeeded; null where it is not fresh any
 * more, because the same frame was decrypted meanwhile.
 */
export function withCounter(window: ReplayWindow, counter: bigint): ReplayWindow | null {
  if (!isFresh(window, counter)) return null;
  const { newest, seen } = window;
  if (newest === null) return { newest: counter, seen: 1n };
  if (counter < newest) return { newest, seen: seen | (1n << (newest - counter)) };
  const ahead = counter - newest;
  const kept = ahead >= REPLAY_WIDTH ? 0n : (seen << ahead) & MASK;
  return { newest: counter, seen: kept | 1n };
}
