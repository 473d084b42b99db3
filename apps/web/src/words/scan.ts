import { scanWords as english } from './scan.en.ts';

/** What the reader of QR codes says: apart from the other words, because it is loaded when it is wanted. */
export type ScanWords = typeof english;
export const scanWords: ScanWords = english;
