import { english } from './words.en.ts';

/** A language is a whole catalogue of this shape: a missing or misspelt text does not compile. */
export type Words = typeof english;

/** Every text of the interface. A further language is a further file, chosen here. */
export const words: Words = english;
