import { detailsWords as english } from './details.en.ts';

/** What the details of a call say: apart from the other words, because they are loaded when there is a call. */
export type DetailsWords = typeof english;
export const detailsWords: DetailsWords = english;
