import { decodeQR, type Image } from 'qr/decode.js';
import { readBase64 } from './base64.ts';

/** What is tried on one picture, in ms: the next one comes soon. */
const TIME_LIMIT_MS = 40;

/**
 * The bytes in the QR code of a picture (RGBA); null where none can be read in it. A code that somebody else made, which has no base64 in
 * it, is no bytes at all: empty, so that whoever asked can say so.
 */
export function readCode(picture: Image): Uint8Array | null {
  const text = textOf(picture);
  return text === null ? null : (readBase64(text) ?? new Uint8Array());
}

function textOf(picture: Image): string | null {
  try {
    return decodeQR(picture, { format: 'RGBA', timeLimit: TIME_LIMIT_MS });
  } catch {
    // It throws for every picture without a code, and most are.
    return null;
  }
}
