import { shortcutWords as english } from './shortcuts.en.ts';

/** The table of keys: apart from the other words, because it is loaded when it is wanted. */
export type ShortcutWords = typeof english;
export const shortcutWords: ShortcutWords = english;
