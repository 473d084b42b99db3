/** Each says what gets worse when it is changed. */
export const BUDGET = {
  /** ms that a call is taken to go on, at least; it is taken to be half over else. Longer: poor pictures in short calls; shorter: none in long ones. */
  assumedMs: 360_000,
  /** Share of the budget from which on there is sound alone. Less: pictures for longer, and soon no sound either within the budget. */
  soundFrom: 0.85,
  /** Share that is planned with: what is on its way when something is turned off is paid for, too. */
  planned: 0.97,
  /** Bits per second of sound, both ways with all headers: measured by the second, planned with before that is known. */
  soundBitrate: 124_000,
  /** Share by which the next step has to fit before it is taken up again. Less: up and down by the second. */
  headroom: 0.25,
  /** ms on a step before the next one up. */
  raiseAfterMs: 15_000,
} as const;

/** Bits per second of the pictures one way. Under the least of them nobody is recognised. */
const PICTURE_STEPS = [2_000_000, 1_000_000, 500_000, 250_000, 150_000, 85_000] as const;
const LAST = PICTURE_STEPS.length - 1;
export const LEAST_PICTURE = PICTURE_STEPS[LAST] ?? 0;
/** Packets add a tenth to a picture. */
const PICTURE_OVERHEAD = 1.1;

/** Megabytes that a person can choose as the most of one call. */
export const BUDGETS_MB = [20, 50, 100, 250] as const;

/**
 * `pictures`: as large as the budget lets them be. `sound`: what is left is kept for it. `spent`: sound goes on, since a call that
 * falls silent is worse than one that costs more than was meant, and the person is told what it costs.
 */
export type BudgetState =
  | { readonly name: 'pictures'; readonly step: number; readonly sinceMs: number }
  | { readonly name: 'sound' }
  | { readonly name: 'spent' };

export const NOTHING_SPENT: BudgetState = { name: 'pictures', step: 0, sinceMs: 0 };

export interface BudgetConditions {
  /** ms since the call began. */
  readonly elapsedMs: number;
  /** Bytes that the person wants the call to cost at most, and that it has cost so far, both ways. */
  readonly budgetBytes: number;
  readonly usedBytes: number;
}

/** One look, about once a second. What is left is spread over as long as the call has gone on, or {@link BUDGET.assumedMs}. */
export function stepBudget(state: BudgetState, now: BudgetConditions): BudgetState {
  const { elapsedMs, budgetBytes, usedBytes } = now;
  if (!Number.isFinite(usedBytes) || usedBytes < 0) return state;
  if (usedBytes >= budgetBytes) return { name: 'spent' };
  if (state.name !== 'pictures' || usedBytes >= budgetBytes * BUDGET.soundFrom) return { name: 'sound' };
  const leftBits = Math.max(0, budgetBytes * BUDGET.planned - usedBytes) * 8;
  const rate = (leftBits * 1_000) / Math.max(BUDGET.assumedMs, elapsedMs);
  const each = Math.max(0, rate - BUDGET.soundBitrate) / 2 / PICTURE_OVERHEAD;
  const fitting = PICTURE_STEPS.findIndex((bitrate) => bitrate <= each);
  const step = fitting === -1 ? LAST : fitting;
  if (step > state.step) return { name: 'pictures', step, sinceMs: elapsedMs };
  const next = PICTURE_STEPS[state.step - 1];
  const mayRise = next !== undefined && next * (1 + BUDGET.headroom) <= each;
  if (!mayRise || elapsedMs - state.sinceMs < BUDGET.raiseAfterMs) return state;
  return { name: 'pictures', step: state.step - 1, sinceMs: elapsedMs };
}

/** Bits per second that the pictures of each way may have; 0: none; null: any. */
export function pictureBitrate(state: BudgetState | null): number | null {
  if (state === null) return null;
  return state.name === 'pictures' ? (PICTURE_STEPS[state.step] ?? null) : 0;
}

/** What a person is told of the budget of a call. */
export interface BudgetView {
  readonly megabytes: number;
  readonly usedBytes: number;
  readonly state: BudgetState['name'];
}
