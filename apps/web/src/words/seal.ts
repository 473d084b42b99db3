import { sealWords as english } from './seal.en.ts';

/** What is said of the encryption of a call: apart from the other words, because it is loaded when there is a call. */
export type SealWords = typeof english;
export const sealWords: SealWords = english;
