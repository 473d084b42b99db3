import { backgroundWords as english } from './background.en.ts';

/** What is said of backgrounds: apart from the other words, because it is loaded with a call or with the settings. */
export type BackgroundWords = typeof english;
export const backgroundWords: BackgroundWords = english;
