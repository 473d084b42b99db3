/** Each says what gets worse when it is changed. */
const REACH = {
  /** ms that answers count. Longer: a mended line looks bad for longer; shorter: too few answers to tell anything by. */
  windowMs: 15_000,
  /** ms beyond the quickest answer from which one is late. Nearer: jitter counts; further: a packet that is sent anew (200 ms at least) does not. */
  lateMs: 120,
  /** Answers without which nothing is said. Fewer: one late answer decides. */
  fewest: 4,
} as const;

interface Answer {
  readonly atMs: number;
  /** Null: none came. */
  readonly roundTripMs: number | null;
}

/** How this device reaches the server: what tells its own line from the other's, since the server is at neither. */
export interface ReachRecord {
  readonly answers: readonly Answer[];
  /** Of the whole call. */
  readonly quickestMs: number | null;
}

export interface Reach {
  /** Share of the answers that were late or did not come, 0 to 1. */
  readonly late: number;
  /** ms; the middle one. Null: none came. */
  readonly roundTripMs: number | null;
}

export const NO_REACH: ReachRecord = { answers: [], quickestMs: null };

/** @param roundTripMs - null: no answer came; absurd ones count as that */
export function addAnswer(record: ReachRecord, atMs: number, roundTripMs: number | null): ReachRecord {
  const known = roundTripMs !== null && Number.isFinite(roundTripMs) && roundTripMs >= 0 ? roundTripMs : null;
  const recent = record.answers.filter(
    (answer) => atMs - answer.atMs <= REACH.windowMs && answer.atMs <= atMs,
  );
  const { quickestMs } = record;
  return {
    answers: [...recent, { atMs, roundTripMs: known }],
    quickestMs: known === null ? quickestMs : Math.min(known, quickestMs ?? known),
  };
}

/** Null where too little is known. */
export function reachOf({ answers, quickestMs }: ReachRecord, atMs: number): Reach | null {
  const recent = answers.filter((answer) => atMs - answer.atMs <= REACH.windowMs);
  if (recent.length < REACH.fewest) return null;
  const late = recent.filter(
    ({ roundTripMs }) => roundTripMs === null || roundTripMs - (quickestMs ?? 0) > REACH.lateMs,
  );
  const times = recent.flatMap(({ roundTripMs }) => roundTripMs ?? []).toSorted((one, other) => one - other);
  return { late: late.length / recent.length, roundTripMs: times[Math.floor(times.length / 2)] ?? null };
}
