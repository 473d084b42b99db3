import { moveWords as english } from './moves.en.ts';

/** What is said of calls that change devices: apart from the other words, because it is loaded when there is such a call. */
export type MoveWords = typeof english;
export const moveWords: MoveWords = english;
