import type { SendingConditions } from './types.ts';

/** Each says what gets worse when it is changed. */
export const PAUSE = {
  /** Bits per second. Sound with its headers needs about 60 kbit/s: lower, and a picture nobody recognises breaks it up. */
  below: 100_000,
  /** ms. Shorter: a dip pauses the camera; longer: speech is broken for so long. */
  afterMs: 3_000,
  /** Bits per second that have to hold before the picture is let grow again. Nearer to `below`: it comes and goes. */
  aboveToReturn: 150_000,
  /** ms. Shorter: it comes and goes; longer: a small picture where a large one would do. */
  returnAfterMs: 6_000,
  /** ms a try has until it counts: the browser's estimate stands where the pause left it, and needs so long to rise. */
  tryMs: 6_000,
  /** ms before the first try, and twice as long before each further one up to the second. Shorter: sound suffers more often. */
  firstTryAfterMs: 6_000,
  lastTryAfterMs: 48_000,
  /** Share of lost packets that counts as too little where the browser has no estimate (Firefox). Random loss alone seldom reaches it. */
  loss: 0.4,
} as const;

/**
 * Whether the camera is sent. A browser says nothing of what a line would carry while nothing is sent over it, so that a pause ends
 * with a try: a small picture, which stays or is paused again.
 */
export type PauseState =
  | { readonly name: 'sending'; readonly weakSinceMs: number | null }
  | { readonly name: 'paused'; readonly sinceMs: number; readonly failedTries: number }
  | {
      readonly name: 'trying';
      readonly weakSinceMs: number | null;
      readonly strongSinceMs: number | null;
      readonly failedTries: number;
    };

export const NOT_PAUSED: PauseState = { name: 'sending', weakSinceMs: null };

/** Whether the line carries less than sound and a picture need; false where the browser does not say. */
function isWeak({ availableBitrate, loss }: SendingConditions): boolean {
  if (availableBitrate !== null) return availableBitrate < PAUSE.below;
  return loss !== null && loss >= PAUSE.loss;
}

const isStrong = ({ availableBitrate, loss }: SendingConditions): boolean =>
  availableBitrate === null ? (loss ?? 0) < PAUSE.loss : availableBitrate >= PAUSE.aboveToReturn;

/** @returns ms from the pause to the try that follows so many that failed */
export const tryAfterMs = (failedTries: number): number =>
  Math.min(PAUSE.firstTryAfterMs * 2 ** failedTries, PAUSE.lastTryAfterMs);

/** One look. A camera that is off begins anew when it is turned on. */
export function stepPause(state: PauseState, conditions: SendingConditions): PauseState {
  if (!conditions.hasCamera) return NOT_PAUSED;
  const { atMs } = conditions;
  const since = (former: number | null, holds: boolean): number | null => (holds ? (former ?? atMs) : null);
  const lasts = (sinceMs: number | null, ms: number): boolean => sinceMs !== null && atMs - sinceMs >= ms;
  switch (state.name) {
    case 'sending': {
      const weakSinceMs = since(state.weakSinceMs, isWeak(conditions));
      return lasts(weakSinceMs, PAUSE.afterMs)
        ? { name: 'paused', sinceMs: atMs, failedTries: 0 }
        : { name: 'sending', weakSinceMs };
    }
    case 'paused':
      return lasts(state.sinceMs, tryAfterMs(state.failedTries))
        ? { name: 'trying', weakSinceMs: null, strongSinceMs: null, failedTries: state.failedTries }
        : state;
    case 'trying': {
      const weakSinceMs = since(state.weakSinceMs, isWeak(conditions));
      const strongSinceMs = since(state.strongSinceMs, isStrong(conditions));
      if (lasts(weakSinceMs, PAUSE.tryMs)) {
        return { name: 'paused', sinceMs: atMs, failedTries: state.failedTries + 1 };
      }
      return lasts(strongSinceMs, PAUSE.returnAfterMs)
        ? NOT_PAUSED
        : { ...state, weakSinceMs, strongSinceMs };
    }
  }
}
