import { callWords as english } from './call.en.ts';

/** What the screens of a call say: apart from the other words, because they are loaded when there is a call. */
export type CallWords = typeof english;
export const callWords: CallWords = english;
