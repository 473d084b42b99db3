import type { QualityLevel } from '@visavis/protocol';

/** Each says what gets worse when it is changed. */
export const LEVELS = {
  /** ms that something has to be worse before it is shown. Shorter: hiccups are shown; longer: people wonder on their own. */
  fallAfterMs: 2_000,
  /** ms that it has to be better; twice as long after each time that it was taken back. Shorter: marks come and go. */
  riseAfterMs: 8_000,
  longestRiseAfterMs: 64_000,
  /** ms after a rise within which a fall counts as the rise taken back. Shorter: marks come and go on lines that change by the minute. */
  relapseMs: 60_000,
} as const;

/** A level that falls fast and rises slowly. */
export interface LevelState {
  readonly level: QualityLevel;
  /** Since when it has been worse than that, and the least bad of what it has been. */
  readonly worse: Stretch | null;
  /** Since when it has been better, and the worst of what it has been. */
  readonly better: Stretch | null;
  readonly roseAtMs: number | null;
  /** How often a rise was taken back. */
  readonly relapses: number;
}

interface Stretch {
  readonly sinceMs: number;
  readonly level: QualityLevel;
}

export const GOOD_LEVEL: LevelState = {
  level: 'good',
  worse: null,
  better: null,
  roseAtMs: null,
  relapses: 0,
};

const BADNESS = { good: 0, fair: 1, poor: 2 } as const;

const isWorse = (one: QualityLevel, other: QualityLevel): boolean => BADNESS[one] > BADNESS[other];
export const worstOf = (...levels: readonly QualityLevel[]): QualityLevel =>
  levels.reduce((worst, level) => (isWorse(level, worst) ? level : worst), 'good');
const bestOf = (one: QualityLevel, other: QualityLevel): QualityLevel => (isWorse(one, other) ? other : one);

/** One look: how it is at this moment. */
export function stepLevel(state: LevelState, seen: QualityLevel, atMs: number): LevelState {
  const { level, relapses, roseAtMs } = state;
  const lasts = ({ sinceMs }: Stretch, ms: number): boolean => atMs - sinceMs >= ms;
  if (isWorse(seen, level)) {
    const { worse: before } = state;
    const worse =
      before === null
        ? { sinceMs: atMs, level: seen }
        : { sinceMs: before.sinceMs, level: bestOf(before.level, seen) };
    if (!lasts(worse, LEVELS.fallAfterMs)) return { ...state, worse, better: null };
    const isRelapse = roseAtMs !== null && atMs - roseAtMs <= LEVELS.relapseMs;
    const fallen = { level: worse.level, worse: null, better: null, roseAtMs: null };
    return { ...fallen, relapses: isRelapse ? relapses + 1 : roseAtMs === null ? relapses : 0 };
  }
  if (isWorse(level, seen)) {
    const { better: before } = state;
    const better =
      before === null
        ? { sinceMs: atMs, level: seen }
        : { sinceMs: before.sinceMs, level: worstOf(before.level, seen) };
    if (!lasts(better, riseAfterMs(relapses))) return { ...state, worse: null, better };
    return { level: better.level, worse: null, better: null, roseAtMs: atMs, relapses };
  }
  return { ...state, worse: null, better: null };
}

/** @returns ms that it has to be better, after so many rises that were taken back */
export const riseAfterMs = (relapses: number): number =>
  Math.min(LEVELS.riseAfterMs * 2 ** relapses, LEVELS.longestRiseAfterMs);
