import type { SendingConditions } from './types.ts';

/** Each says what gets worse when it is changed. */
export const PROCESSOR = {
  /** ms that the browser says it is short of processor time before a rung is taken. Shorter: a moment's load costs the picture. */
  lowerAfterMs: 8_000,
  /** ms without that before a rung is given back; twice as long after each time that it was taken back. Shorter: up and down. */
  raiseAfterMs: 30_000,
  longestRaiseAfterMs: 240_000,
} as const;

/** From whole to least. The browser's own measure is a smaller picture at the same rate; this takes the frames as well. */
export const PROCESSOR_RUNGS = [
  { lines: 720, framerate: 30 },
  { lines: 540, framerate: 20 },
  { lines: 360, framerate: 15 },
  { lines: 180, framerate: 12 },
] as const;

const LAST = PROCESSOR_RUNGS.length - 1;

/** What this device can keep up with. */
export interface ProcessorState {
  /** Of {@link PROCESSOR_RUNGS}. */
  readonly rung: number;
  readonly shortSinceMs: number | null;
  readonly easySinceMs: number | null;
  /** How often a rung that was given back had to be taken again. */
  readonly relapses: number;
  /** Whether the last change was a rung given back. */
  readonly isTrying: boolean;
}

export const NO_LOAD: ProcessorState = {
  rung: 0,
  shortSinceMs: null,
  easySinceMs: null,
  relapses: 0,
  isTrying: false,
};

export function stepProcessor(state: ProcessorState, conditions: SendingConditions): ProcessorState {
  const { atMs, limitation } = conditions;
  const isShort = limitation === 'cpu';
  const shortSinceMs = isShort ? (state.shortSinceMs ?? atMs) : null;
  const easySinceMs = isShort ? null : (state.easySinceMs ?? atMs);
  if (shortSinceMs !== null && atMs - shortSinceMs >= PROCESSOR.lowerAfterMs && state.rung < LAST) {
    return {
      rung: state.rung + 1,
      shortSinceMs: atMs,
      easySinceMs: null,
      relapses: state.isTrying ? state.relapses + 1 : state.relapses,
      isTrying: false,
    };
  }
  const raiseAfterMs = Math.min(PROCESSOR.raiseAfterMs * 2 ** state.relapses, PROCESSOR.longestRaiseAfterMs);
  if (easySinceMs !== null && atMs - easySinceMs >= raiseAfterMs && state.rung > 0) {
    return { ...state, rung: state.rung - 1, shortSinceMs: null, easySinceMs: atMs, isTrying: true };
  }
  return { ...state, shortSinceMs, easySinceMs };
}
