import { invitedWords as english } from './invited.en.ts';

/** What those read who come by a link: apart from the other words, because nobody else loads that screen. */
export type InvitedWords = typeof english;
export const invitedWords: InvitedWords = english;
