/** Looked back so far: within it even somebody who talks without end draws breath. Shorter: speech counts as noise. */
const WINDOW_MS = 10_000;
/** Without looks over so much of it nothing is said. */
const LEAST_MS = 8_000;
/** The quietest tenth of the looks is what is always there. */
const SHARE = 0.1;
/** dB: a fan or a street beside the microphone, after the browser has done what it can. Lower: ordinary rooms count. */
const NOISY_DB = -45;
/** dB: it is over. Closer to the other: the hint comes and goes. */
const CALM_DB = -52;
/** Looks further apart than this: the page slept. */
const GAP_MS = 400;

/** How loud it is around a microphone when nobody speaks. */
export interface Background {
  readonly isNoisy: boolean;
  /** Within the window, oldest first. */
  readonly looks: readonly { readonly at: number; readonly decibels: number }[];
}

export const NO_BACKGROUND: Background = { isNoisy: false, looks: [] };

/** @param decibels - of the microphone, muted or not; null: it cannot be told */
export function hearBackground(heard: Background, decibels: number | null, now: number): Background {
  const last = heard.looks.at(-1)?.at ?? now;
  if (decibels === null || now - last > GAP_MS) return { ...heard, looks: [] };
  const looks = [...heard.looks.filter(({ at }) => now - at <= WINDOW_MS), { at: now, decibels }];
  const first = looks[0]?.at ?? now;
  if (now - first < LEAST_MS) return { ...heard, looks };
  const quietFirst = looks.map((look) => look.decibels).toSorted((one, other) => one - other);
  const floor = quietFirst[Math.floor(quietFirst.length * SHARE)] ?? decibels;
  return { isNoisy: floor >= (heard.isNoisy ? CALM_DB : NOISY_DB), looks };
}
