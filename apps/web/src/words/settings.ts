import { settingsWords as english } from './settings.en.ts';

/** What the settings say: apart from the other words, because they are loaded when they are opened. */
export type SettingsWords = typeof english;
export const settingsWords: SettingsWords = english;
