import { soundWords as english } from './sound.en.ts';

/** What is said of one’s sound: apart from the other words, because it is loaded with a call or with the settings. */
export type SoundWords = typeof english;
export const soundWords: SoundWords = english;
