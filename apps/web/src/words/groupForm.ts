import { groupFormWords as english } from './groupForm.en.ts';

/** What the forms for groups say: apart from the other words, because they are loaded when one is opened. */
export type GroupFormWords = typeof english;
export const groupFormWords: GroupFormWords = english;
