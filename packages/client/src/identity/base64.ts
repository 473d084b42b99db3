import type { Bytes } from '@visavis/encryption';

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCodePoint(...bytes));

/** Of what the protocol's schemas have taken for base64. */
export const fromBase64 = (text: string): Bytes =>
  Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0);
