import type { Bytes } from '@visavis/encryption';

/** Something under the key of this browser (AES-256-GCM). */
export interface Wrapped {
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

/** What was stored, checked, because a former release may have stored it; null where it is not there or no good. */
export type Reader<Value> = (value: unknown) => Value | null;

export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
export const isBytes = (value: unknown): value is Bytes =>
  value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;

export const readWrapped: Reader<Wrapped> = (value) => {
  const { nonce, sealed } = fieldsOf(value);
  return isBytes(nonce) && isBytes(sealed) ? { nonce, sealed } : null;
};
