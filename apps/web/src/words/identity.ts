import { identityWords as english } from './identity.en.ts';

/** What screens about identities say: apart from the other words, because these screens are loaded when they are wanted. */
export type IdentityWords = typeof english;
export const identityWords: IdentityWords = english;
