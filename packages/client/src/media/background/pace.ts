/** Each says what gets worse when it is changed. Together they are below 3 s: by then the effect is gone where it cannot be kept up. */
export const PACE = {
  /** ms of pictures falling behind before less is done for each. Shorter: a moment's load costs half the size. */
  lowerAfterMs: 1_000,
  /** ms of falling behind with that before the effect is given up. Shorter: a moment's load shows the room. */
  giveUpAfterMs: 1_000,
  /** ms of keeping up before more is done again; twice as long after each time that it was too much. Shorter: up and down. */
  raiseAfterMs: 20_000,
  longestRaiseAfterMs: 160_000,
  /** Reports further apart: the page slept, and so did what is measured. */
  sleptMs: 1_500,
} as const;

/** What became of the camera's pictures in the time since the last report. */
export interface PaceReport {
  readonly atMs: number;
  readonly spanMs: number;
  /** By the camera; null: the browser does not tell. */
  readonly given: number | null;
  /** By the camera in this time, if nothing keeps it from its work; null: it does not say. */
  readonly expected: number | null;
  /** With the effect. */
  readonly made: number;
  /** Of `spanMs`, at work. */
  readonly busyMs: number;
}

/** `whole`: each picture as large as it comes. `less`: half as wide and high, and every second time the person is where they were. */
export type Effort = 'whole' | 'less';

/** Whether this device keeps up with its camera. */
export interface Pace {
  readonly effort: Effort;
  /** It does not keep up with less either. */
  readonly isOver: boolean;
  readonly shortSinceMs: number | null;
  readonly easySinceMs: number | null;
  /** How often more was tried and was too much. */
  readonly relapses: number;
  /** Whether the last change was to more. */
  readonly isTrying: boolean;
}

export const FRESH: Pace = {
  effort: 'whole',
  isOver: false,
  shortSinceMs: null,
  easySinceMs: null,
  relapses: 0,
  isTrying: false,
};

/**
 * A picture is given at one side of a report's edge and made at the other; a tenth less is not seen. Work that never stops takes
 * the processor from the camera, too, which then gives no more than is made: a quarter below what it should give is as bad.
 */
function isShort({ spanMs, given, expected, made, busyMs }: PaceReport): boolean {
  const isBusy = busyMs > 0.9 * spanMs;
  if (given === null) return isBusy;
  const isStarved = isBusy && expected !== null && made < 0.75 * expected - 1;
  return isStarved || given - made > 1 + given / 10;
}

export function stepPace(pace: Pace, report: PaceReport): Pace {
  const { atMs, spanMs } = report;
  if (pace.isOver) return pace;
  if (spanMs > PACE.sleptMs) return { ...pace, shortSinceMs: null, easySinceMs: null };
  if (!isShort(report)) return keepUp({ ...pace, shortSinceMs: null }, atMs, spanMs);
  const shortSinceMs = pace.shortSinceMs ?? atMs - spanMs;
  const short: Pace = { ...pace, shortSinceMs, easySinceMs: null };
  const isLess = pace.effort === 'less';
  if (atMs - shortSinceMs < (isLess ? PACE.giveUpAfterMs : PACE.lowerAfterMs)) return short;
  if (isLess) return { ...short, isOver: true };
  return {
    ...short,
    effort: 'less',
    shortSinceMs: null,
    relapses: pace.isTrying ? pace.relapses + 1 : pace.relapses,
    isTrying: false,
  };
}

function keepUp(pace: Pace, atMs: number, spanMs: number): Pace {
  const easySinceMs = pace.easySinceMs ?? atMs - spanMs;
  const raiseAfterMs = Math.min(PACE.raiseAfterMs * 2 ** pace.relapses, PACE.longestRaiseAfterMs);
  if (pace.effort === 'whole' || atMs - easySinceMs < raiseAfterMs) return { ...pace, easySinceMs };
  return { ...pace, effort: 'whole', easySinceMs: null, isTrying: true };
}
