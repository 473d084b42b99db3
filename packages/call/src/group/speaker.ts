/**
 * Who speaks, from how loud the microphones are, for the view that shows one person large.
 *
 * ```text
 *              loud                       silent for 1.5 s
 *   nobody ──────────▶ A speaks ───────────────────────────────▶ nobody
 *                      A speaks ──── B loud, A silent 200 ms ──▶ B speaks
 *                      A speaks ──── B 6 dB louder for 1.2 s ──▶ B speaks
 * ```
 *
 * Nobody is shown for less than 1 s. Levels come every 250 ms, as the mean of that time: speech that begins is in the
 * first or the second of them, so that it is shown within 500 ms unless somebody else still speaks or has only just begun.
 */
export interface SpeakerState {
  readonly shown: string | null;
  /** Since when that one is shown. */
  readonly shownSince: number;
  /** When the one who is shown was last loud. */
  readonly loudAt: number;
  /** The one who may be next, and since when. */
  readonly challenger: { readonly deviceId: string; readonly since: number } | null;
  /** When this has to be looked at again although no levels come; null: never. */
  readonly deadline: number | null;
}

/** A microphone and how loud it is, in dBov: -127 is silence, 0 the loudest there is. */
export interface Loudness {
  readonly deviceId: string;
  readonly volume: number;
}

/** Speech. Lower: a keyboard speaks. Higher: who sits far from the microphone is never shown. */
const LOUD_DBOV = -50;
/** How long the one who is shown is silent before another takes over: one level. Longer: whoever answers is shown late. */
const TURN_MS = 200;
/** How long everybody is shown at least. Shorter: an "mhm" in a pause makes it flicker. */
export const HOLD_MS = 1_000;
/** How much louder, and for how long, one has to be who talks over another. Less: two who talk at once flicker. */
const OVER_DB = 6;
export const OVER_MS = 1_200;
/** Silence after which nobody is shown as speaking. */
export const NOBODY_AFTER_MS = 1_500;

export const NOBODY_SPEAKS: SpeakerState = {
  shown: null,
  shownSince: 0,
  loudAt: 0,
  challenger: null,
  deadline: null,
};

const show = (deviceId: string, now: number): SpeakerState => ({
  shown: deviceId,
  shownSince: now,
  loudAt: now,
  challenger: null,
  deadline: now + NOBODY_AFTER_MS,
});

/**
 * Goes on with new levels, or with none when only time has passed.
 *
 * @param levels - of those who are not silent, in any order
 * @param now - in ms
 */
export function stepSpeaker(state: SpeakerState, levels: readonly Loudness[], now: number): SpeakerState {
  const loud = levels.filter(({ volume }) => volume >= LOUD_DBOV);
  const { shown } = state;
  if (shown === null) {
    const loudest = findLoudest(loud);
    return loudest === null ? NOBODY_SPEAKS : show(loudest.deviceId, now);
  }
  const own = loud.find(({ deviceId }) => deviceId === shown) ?? null;
  const other = findLoudest(loud.filter(({ deviceId }) => deviceId !== shown));
  const loudAt = own === null ? state.loudAt : now;
  if (now - loudAt >= NOBODY_AFTER_MS) return other === null ? NOBODY_SPEAKS : show(other.deviceId, now);

  const stay: SpeakerState = { ...state, loudAt, challenger: null, deadline: loudAt + NOBODY_AFTER_MS };
  if (other === null || now - state.shownSince < HOLD_MS) return stay;
  if (own === null) {
    if (now - loudAt >= TURN_MS) return show(other.deviceId, now);
    // Kept: whoever talks over another does so in the other's pauses as well.
    return { ...stay, challenger: state.challenger };
  }
  if (other.volume < own.volume + OVER_DB) return stay;
  const since = state.challenger?.deviceId === other.deviceId ? state.challenger.since : now;
  if (now - since >= OVER_MS) return show(other.deviceId, now);
  return { ...stay, challenger: { deviceId: other.deviceId, since } };
}

/** The device is not there any more. */
export const forgetSpeaker = (state: SpeakerState, deviceId: string): SpeakerState =>
  state.shown === deviceId
    ? NOBODY_SPEAKS
    : state.challenger?.deviceId === deviceId
      ? { ...state, challenger: null }
      : state;

function findLoudest(levels: readonly Loudness[]): Loudness | null {
  let loudest: Loudness | null = null;
  for (const level of levels) if (loudest === null || level.volume > loudest.volume) loudest = level;
  return loudest;
}
