import { captureWords as english } from './capture.en.ts';

/** What is wrong with camera or microphone: apart from the other words, because it is loaded with the screens that open them. */
export type CaptureWords = typeof english;
export const captureWords: CaptureWords = english;
