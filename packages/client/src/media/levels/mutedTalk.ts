/** Louder than breath and keys, on the meter's scale: a voice at arm's length. Lower: false alarms; higher: soft voices are missed. */
const LOUD = 0.55;
/** Below this it is quiet again. */
const QUIET = 0.4;
/** So much of the last second and a half has to be loud: a word is, a cough or a door is not. */
const WINDOW_MS = 1_500;
const LOUD_MS = 450;
/** The hint stays this long after the last word, so that it can be read. */
const STAY_MS = 3_000;
/** Looks further apart than this do not add up: the page slept. */
const GAP_MS = 400;

/** Whether somebody talks into a muted microphone: what was heard lately. */
export interface MutedTalk {
  readonly talks: boolean;
  /** Of the looks within the window, oldest first: when, and for how long it was loud since the one before. */
  readonly looks: readonly { readonly at: number; readonly loudMs: number }[];
  readonly lastLoudAt: number | null;
  readonly wasLoud: boolean;
}

export const NO_MUTED_TALK: MutedTalk = { talks: false, looks: [], lastLoudAt: null, wasLoud: false };

/** @param level - of the microphone before it is muted, 0 to 1; null: not muted, or no microphone */
export function hearMutedTalk(heard: MutedTalk, level: number | null, now: number): MutedTalk {
  if (level === null) return NO_MUTED_TALK;
  const isLoud = level >= (heard.wasLoud ? QUIET : LOUD);
  const last = heard.looks.at(-1)?.at ?? now;
  const elapsed = now - last > GAP_MS ? 0 : now - last;
  const looks = [
    ...heard.looks.filter(({ at }) => now - at <= WINDOW_MS),
    { at: now, loudMs: isLoud ? elapsed : 0 },
  ];
  const loudMs = looks.reduce((sum, look) => sum + look.loudMs, 0);
  const lastLoudAt = isLoud ? now : heard.lastLoudAt;
  const stays = heard.talks && lastLoudAt !== null && now - lastLoudAt <= STAY_MS;
  return { talks: stays || loudMs >= LOUD_MS, looks, lastLoudAt, wasLoud: isLoud };
}
