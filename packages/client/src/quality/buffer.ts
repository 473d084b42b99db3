import type { ReceivingConditions } from './types.ts';

/** Each says what gets worse when it is changed. */
export const BUFFER = {
  /**
   * Share of lost packets from which sound waits for so many retransmissions. Lower: a delay for little; higher: gaps
   * that were asked for and came too late.
   */
  steps: [
    { loss: 0.02, roundTrips: 1 },
    { loss: 0.08, roundTrips: 2 },
    { loss: 0.15, roundTrips: 3 },
  ],
  /** ms besides: a frame is noticed to be missing when the next has come, and is encoded, packed and sealed once more. Less: just too late. */
  extraMs: 60,
  /** ms. What a path has without being measured. */
  roundTripMs: 100,
  /** ms. More: people begin to speak at the same time. */
  mostMs: 300,
  /** Share of a step's loss below which it is calm, and ms for which it has to be. Less: the sound is stretched and squeezed again and again. */
  calm: 0.5,
  calmMs: 15_000,
} as const;

/** How long sound that arrives waits before it is played. */
export interface BufferState {
  /** How many of the steps are taken. */
  readonly step: number;
  readonly calmSinceMs: number | null;
  /** ms; null: the browser decides alone, by how unevenly packets arrive. */
  readonly targetMs: number | null;
}

export const NO_BUFFER: BufferState = { step: 0, calmSinceMs: null, targetMs: null };

/** ms in steps that are worth a change: each one stretches or squeezes the sound. */
const GRAIN_MS = 20;

function targetOf(step: number, roundTripMs: number | null): number | null {
  const taken = BUFFER.steps[step - 1];
  if (taken === undefined) return null;
  const ms = BUFFER.extraMs + taken.roundTrips * (roundTripMs ?? BUFFER.roundTripMs);
  return Math.min(BUFFER.mostMs, Math.ceil(ms / GRAIN_MS) * GRAIN_MS);
}

/** One look. A loss that is not known changes nothing. */
export function stepBuffer(
  state: BufferState,
  { atMs, loss, roundTripMs }: ReceivingConditions,
): BufferState {
  if (loss === null) return state;
  const wanted = BUFFER.steps.filter((step) => loss >= step.loss).length;
  if (wanted > state.step)
    return { step: wanted, calmSinceMs: null, targetMs: targetOf(wanted, roundTripMs) };
  const taken = BUFFER.steps[state.step - 1];
  if (taken === undefined || loss >= taken.loss * BUFFER.calm) return { ...state, calmSinceMs: null };
  const calmSinceMs = state.calmSinceMs ?? atMs;
  if (atMs - calmSinceMs < BUFFER.calmMs) return { ...state, calmSinceMs };
  const step = state.step - 1;
  return { step, calmSinceMs: atMs, targetMs: targetOf(step, roundTripMs) };
}
