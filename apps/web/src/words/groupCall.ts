import { groupCallWords as english } from './groupCall.en.ts';

/** What the screens of a group call say: apart from the other words, because they are loaded when there is a call. */
export type GroupCallWords = typeof english;
export const groupCallWords: GroupCallWords = english;
