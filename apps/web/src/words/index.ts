import { english } from './words.en.ts';

/** A language is a whole catalogue of this shape: a missing or misspelt text does not compile. */
export type Words = typeof english;

/**
 * The texts that the first load needs. Those of screens that are loaded later stand beside it, a file for each part, and
 * come with these screens. A further language is a further file for each part, chosen here and there.
 */
export const words: Words = english;
