import { comparisonWords as english } from './comparison.en.ts';

/** What the comparison of two identities says: apart from the other words, because it is loaded when it is wanted. */
export type ComparisonWords = typeof english;
export const comparisonWords: ComparisonWords = english;
