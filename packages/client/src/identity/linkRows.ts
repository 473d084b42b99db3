import type { Bytes } from '@visavis/encryption';
import { readLinkSecret, showLinkSecret } from '@visavis/encryption/identity';
import type { RememberedLink } from './keyStore.ts';
import { fieldsOf, type Reader, readWrapped, type Wrapped } from './wrapped.ts';

/** A link as it is stored: what says how one comes into the call, and a guest's name, are wrapped. */
export interface LinkRow {
  readonly userId: string;
  readonly linkId: string;
  readonly expiresAt: number;
  readonly wrapped: Wrapped;
}

export const readLinkRow: Reader<LinkRow> = (value) => {
  const { userId, linkId, expiresAt, wrapped } = fieldsOf(value);
  const read = readWrapped(wrapped);
  const isRow = typeof userId === 'string' && typeof linkId === 'string' && typeof expiresAt === 'number';
  return isRow && read !== null ? { userId, linkId, expiresAt, wrapped: read } : null;
};

export function writeLinkText({ callId, secret, name }: RememberedLink): Bytes {
  const text = JSON.stringify({ callId, secret: showLinkSecret(secret), name });
  return new Uint8Array(new TextEncoder().encode(text));
}

/** @param text - unwrapped; null: it cannot be read any more */
export function readLinkText(text: Bytes | null, linkId: string, expiresAt: number): RememberedLink | null {
  if (text === null) return null;
  const parsed: unknown = JSON.parse(new TextDecoder().decode(text));
  const { callId, secret: shown, name } = fieldsOf(parsed);
  const secret = typeof shown === 'string' ? readLinkSecret(shown) : null;
  if (secret === null || (callId !== null && typeof callId !== 'string')) return null;
  return { linkId, callId, secret, expiresAt, name: typeof name === 'string' ? name : null };
}
