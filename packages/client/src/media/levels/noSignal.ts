/** dB: less than the last of 16 bits. A quiet room is louder; a microphone that is switched off gives nothing at all. */
const NOTHING_DB = -95;
/** dB: somebody breathes. Less than this does not show that it works again. */
const SOMETHING_DB = -70;
/** From a microphone that has given nothing since it was opened. Shorter: some take seconds to start. */
const AT_FIRST_MS = 6_000;
/** From one that was heard before: some fall silent by themselves while nobody speaks. Shorter: false alarms while one listens. */
const LATER_MS = 30_000;
/** So long there has to be sound before the hint goes: one click is none. */
const BACK_MS = 240;
/** Looks further apart than this do not add up: the page slept. */
const GAP_MS = 400;

/** Whether a microphone that is open gives any sound. */
export interface Signal {
  readonly isMissing: boolean;
  readonly wasHeard: boolean;
  readonly at: number | null;
  /** Of nothing, or of something, without a break. */
  readonly nothingMs: number;
  readonly somethingMs: number;
}

export const NO_SIGNAL_YET: Signal = {
  isMissing: false,
  wasHeard: false,
  at: null,
  nothingMs: 0,
  somethingMs: 0,
};

/** @param decibels - of the microphone, muted or not; null: it cannot be told */
export function hearSignal(signal: Signal, decibels: number | null, now: number): Signal {
  if (decibels === null) return { ...signal, at: null };
  const elapsed = signal.at === null || now - signal.at > GAP_MS ? 0 : now - signal.at;
  const nothingMs = decibels <= NOTHING_DB ? signal.nothingMs + elapsed : 0;
  const somethingMs = decibels >= SOMETHING_DB ? signal.somethingMs + elapsed : 0;
  const wasHeard = signal.wasHeard || somethingMs >= BACK_MS;
  const isMissing = signal.isMissing
    ? somethingMs < BACK_MS
    : nothingMs >= (signal.wasHeard ? LATER_MS : AT_FIRST_MS);
  return { isMissing, wasHeard, at: now, nothingMs, somethingMs };
}
