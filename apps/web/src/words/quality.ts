import { qualityWords as english } from './quality.en.ts';

/** What is said of the quality of a call: apart from the other words, because it is loaded with a call or with the settings. */
export type QualityWords = typeof english;
export const qualityWords: QualityWords = english;
