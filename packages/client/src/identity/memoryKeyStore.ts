import type { Bytes } from '@visavis/encryption';
import { createDeviceKey, type SigningKey } from '@visavis/encryption/identity';
import type { KeyStore, RememberedContact, RememberedLink } from './keyStore.ts';

/** Keys for as long as the page is there: for tests, and where a browser gives no storage. */
export function createMemoryKeyStore(): KeyStore {
  const devices = new Map<string, Promise<SigningKey>>();
  const identities = new Map<string, Bytes>();
  const contacts = new Map<string, RememberedContact>();
  const links = new Map<string, { readonly userId: string; readonly link: RememberedLink }>();

  return {
    openDeviceKey: async (deviceId) => {
      const key = devices.get(deviceId) ?? createDeviceKey();
      devices.set(deviceId, key);
      return key;
    },
    readIdentity: async (userId) => identities.get(userId)?.slice() ?? null,
    addIdentity: async (userId, secret) => {
      const kept = identities.get(userId) ?? secret.slice();
      identities.set(userId, kept);
      return kept.slice();
    },
    putIdentity: async (userId, secret) => {
      identities.set(userId, secret.slice());
    },
    removeIdentity: async (userId) => {
      identities.delete(userId);
    },
    readContact: async (userId, contactId) => contacts.get(pairOf(userId, contactId)) ?? null,
    listContacts: async (userId) => {
      const start = pairOf(userId, '');
      const own = [...contacts].filter(([pair]) => pair.startsWith(start));
      return new Map(own.map(([pair, contact]) => [pair.slice(start.length), contact]));
    },
    addContact: async (userId, contactId, contact) => {
      const kept = contacts.get(pairOf(userId, contactId)) ?? contact;
      contacts.set(pairOf(userId, contactId), kept);
      return kept;
    },
    putContact: async (userId, contactId, contact) => {
      contacts.set(pairOf(userId, contactId), contact);
    },
    putLink: async (userId, link) => {
      links.set(pairOf(userId, link.linkId), { userId, link });
    },
    listLinks: async (userId, now) => {
      for (const [key, { link }] of links) if (link.expiresAt <= now) links.delete(key);
      return [...links.values()].flatMap((entry) => (entry.userId === userId ? [entry.link] : []));
    },
  };
}

/** Ids have no spaces. */
export const pairOf = (userId: string, contactId: string): string => `${userId} ${contactId}`;
