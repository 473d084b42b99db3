import { checkWords as english } from './check.en.ts';

/** What the check says: apart from the other words, because it is loaded when it is wanted. */
export type CheckWords = typeof english;
export const checkWords: CheckWords = english;
