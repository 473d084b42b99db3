/** A little composition: notes in time, how it is coloured, and after how long it comes again. */
export interface Phrase {
  readonly notes: readonly Note[];
  /** Loudness of the note itself and of its overtones, 0 to 1. */
  readonly partials: readonly number[];
  readonly attackMs: number;
  readonly everyMs: number;
  readonly volume: number;
}

interface Note {
  readonly hertz: number;
  readonly atMs: number;
  readonly lengthMs: number;
  readonly loud?: number;
}

/** Pitch by its distance from A4 (440 Hz) in half tones. */
const pitch = (halfTones: number): number => 440 * 2 ** (halfTones / 12);

const A4 = pitch(0);
const CIS5 = pitch(4);
const E5 = pitch(7);
const FIS5 = pitch(9);
const A5 = pitch(12);
const B5 = pitch(14);
const CIS6 = pitch(16);

const note = (hertz: number, atMs: number, lengthMs: number, loud = 1): Note => ({
  hertz,
  atMs,
  lengthMs,
  loud,
});

/** Two voices in A, one asks and the other answers: a call that wants to be taken. */
export const RINGTONE: Phrase = {
  notes: [
    note(E5, 0, 520),
    note(A5, 150, 620),
    note(CIS6, 300, 760),
    note(B5, 520, 620, 0.8),
    note(A5, 740, 900, 0.9),
    note(A4, 0, 1_300, 0.45),
    note(CIS5, 1_180, 480, 0.8),
    note(FIS5, 1_330, 560, 0.8),
    note(A5, 1_480, 700, 0.85),
    note(E5, 1_700, 1_000, 0.8),
    note(A4, 1_180, 1_300, 0.4),
  ],
  partials: [0.5, 0.14, 0.05],
  attackMs: 9,
  everyMs: 3_200,
  volume: 0.42,
};

/** Two soft breaths and a rest: it rings over there. */
export const RINGBACK: Phrase = {
  notes: [
    note(A4, 0, 900, 0.7),
    note(CIS5, 0, 900, 0.5),
    note(A4, 620, 1_100, 0.55),
    note(E5, 620, 1_100, 0.4),
  ],
  partials: [0.5, 0.06],
  attackMs: 70,
  everyMs: 3_400,
  volume: 0.22,
};

/** Two taps on the shoulder. */
export const WAITING: Phrase = {
  notes: [note(E5, 0, 260), note(A5, 150, 340)],
  partials: [0.5, 0.08],
  attackMs: 12,
  everyMs: 4_000,
  volume: 0.16,
};

/** Up a fourth: here we are. */
export const JOINED: Phrase = {
  notes: [note(E5, 0, 260, 0.8), note(A5, 90, 520)],
  partials: [0.5, 0.1, 0.03],
  attackMs: 6,
  everyMs: 1_200,
  volume: 0.22,
};

/** Somebody more: one soft step up, well below the voices. */
export const CAME: Phrase = {
  notes: [note(CIS5, 0, 180, 0.6), note(FIS5, 80, 320, 0.8)],
  partials: [0.5, 0.08],
  attackMs: 8,
  everyMs: 900,
  volume: 0.13,
};

/** Somebody fewer. */
export const WENT: Phrase = {
  notes: [note(FIS5, 0, 180, 0.6), note(CIS5, 90, 320, 0.7)],
  partials: [0.5, 0.06],
  attackMs: 8,
  everyMs: 900,
  volume: 0.12,
};

/** The same way down: until next time. */
export const ENDED: Phrase = {
  notes: [note(A5, 0, 240, 0.7), note(E5, 110, 300, 0.8), note(A4, 230, 560, 0.8)],
  partials: [0.5, 0.08],
  attackMs: 8,
  everyMs: 1_400,
  volume: 0.2,
};

/** For trying a speaker: the chord of the ringtone, one note after the other. */
export const HANDSET: Phrase = {
  notes: [note(A4, 0, 500), note(CIS5, 160, 500), note(E5, 320, 500), note(A5, 480, 900)],
  partials: [0.5, 0.12, 0.04],
  attackMs: 10,
  everyMs: 2_000,
  volume: 0.35,
};
