import type { Bytes } from '@visavis/encryption';
import type { KeyStore, RememberedContact } from './keyStore.ts';

/**
 * What this person knows of somebody's identity key. `unknown`: they have none, or it was never seen. `seen`: the same as ever, not
 * compared. `verified`: compared. `changed`: another one than was seen or compared before, or none any more; it stays so until the
 * person compares it or accepts it.
 */
export type ContactStatus = 'unknown' | 'seen' | 'verified' | 'changed';

/** @param identityKey - that the contact has now, as far as is known; null: none */
function judgeContact(remembered: RememberedContact | null, identityKey: Bytes | null): ContactStatus {
  if (remembered === null) return identityKey === null ? 'unknown' : 'seen';
  if (identityKey === null || !isSame(remembered.identityKey, identityKey)) return 'changed';
  return remembered.verified ? 'verified' : 'seen';
}

/** The same, without a look at what the contact has now: as it was seen last. */
export function recallContact({ verified, changed }: RememberedContact): ContactStatus {
  if (changed) return 'changed';
  return verified ? 'verified' : 'seen';
}

/** What is to be made of a key; one that is seen for the first time is remembered, and that another one was seen. */
export async function seeContact(
  store: KeyStore,
  userId: string,
  contactId: string,
  identityKey: Bytes | null,
): Promise<ContactStatus> {
  const remembered =
    identityKey === null
      ? await store.readContact(userId, contactId)
      : await store.addContact(userId, contactId, { identityKey, verified: false, changed: false });
  const status = judgeContact(remembered, identityKey);
  const changed = status === 'changed';
  // Where another window remembers something else at this very moment, the person is asked once more.
  if (remembered !== null && remembered.changed !== changed)
    await store.putContact(userId, contactId, { ...remembered, changed });
  return status;
}

/** Public keys: there is no secret to be told by how long this takes. */
export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
