/** Looks that are kept to be drawn: three minutes. */
export const MOST_POINTS = 180;

/** One look at a call, as it is drawn. What is not known is null. */
export interface QualityPoint {
  /** ms, on a clock that does not jump. */
  readonly atMs: number;
  readonly roundTripMs: number | null;
  /** Shares, 0 to 1. */
  readonly sentLoss: number | null;
  readonly receivedLoss: number | null;
  /** Bits per second. */
  readonly sentBitrate: number | null;
  readonly receivedBitrate: number | null;
  /** Of the picture that comes. */
  readonly framesPerSecond: number | null;
}

/** The oldest goes where there are {@link MOST_POINTS}. */
export const addPoint = (points: readonly QualityPoint[], point: QualityPoint): readonly QualityPoint[] => [
  ...points.slice(Math.max(0, points.length + 1 - MOST_POINTS)),
  point,
];
