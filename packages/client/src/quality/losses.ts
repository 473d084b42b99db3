import type { SendingConditions } from './types.ts';

/** Each says what gets worse when it is changed. */
export const LOSSES = {
  /** Share of lost packets from which one frame of sound comes again, and two. Lower: bits for nothing; higher: gaps that are heard. */
  once: 0.01,
  twice: 0.06,
  /** From which pictures get few bits. Lower: poor pictures for nothing; higher: what is sent again comes too late for most pictures. */
  small: 0.14,
  /** Share of that below which a path counts as calm. Nearer to 1: on and off. */
  calm: 0.5,
  /** ms for which it has to be. Shorter: the next burst is heard whole; longer: as many bits again as the sound has. */
  calmMs: 20_000,
} as const;

/** How lossy a path is. Losses come in bursts: it is more at once, and one less only after a while. */
export interface LossState {
  readonly level: 0 | 1 | 2 | 3;
  readonly calmSinceMs: number | null;
  /** Bits per second that the browser believed it could send at the last look. */
  readonly availableBitrate: number | null;
}

export const NO_LOSSES: LossState = { level: 0, calmSinceMs: null, availableBitrate: null };

const FROM = [0, LOSSES.once, LOSSES.twice, LOSSES.small] as const;
const LOWER = [0, 0, 1, 2] as const;

function levelFor(loss: number): LossState['level'] {
  if (loss >= LOSSES.small) return 3;
  if (loss >= LOSSES.twice) return 2;
  return loss >= LOSSES.once ? 1 : 0;
}

/**
 * One look.
 *
 * @param loss - share of what was sent that did not arrive; null: not known, so that nothing changes
 */
export function stepLosses(
  state: LossState,
  { atMs, loss, lossAtFirst = null, availableBitrate }: Omit<SendingConditions, 'hasCamera' | 'limitation'>,
): LossState {
  const now = { ...state, availableBitrate };
  if (loss === null) return now;
  const level = levelFor(Math.max(loss, lossAtFirst ?? 0));
  if (level > state.level) return { ...now, level, calmSinceMs: null };
  if (state.level === 0 || loss >= FROM[state.level] * LOSSES.calm) return { ...now, calmSinceMs: null };
  const calmSinceMs = state.calmSinceMs ?? atMs;
  return atMs - calmSinceMs >= LOSSES.calmMs
    ? { ...now, level: LOWER[state.level], calmSinceMs: atMs }
    : { ...now, calmSinceMs };
}
