import type { Bytes } from '@visavis/encryption';

export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''));

/** The bytes that base64 text stands for (RFC 4648 §4). Throws where it is none. */
export const fromBase64 = (text: string): Bytes =>
  Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0);

/** The same; null where it is none. */
export function readBase64(text: string): Bytes | null {
  try {
    return fromBase64(text);
  } catch {
    return null;
  }
}
