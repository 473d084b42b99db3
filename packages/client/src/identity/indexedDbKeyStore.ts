import type { Bytes } from '@visavis/encryption';
import { createDeviceKey, type SigningKey } from '@visavis/encryption/identity';
import type { KeyStore, RememberedContact } from './keyStore.ts';
import { fieldsOf, isBytes, readWrapped, type Reader, type Wrapped } from './wrapped.ts';
import { readLinkRow, readLinkText, writeLinkText, type LinkRow } from './linkRows.ts';
import { pairOf } from './memoryKeyStore.ts';

const NAME = 'visavis-keys';
const VERSION = 2;
const TABLES = ['wrapping', 'devices', 'identities', 'contacts', 'links'] as const;
type Table = (typeof TABLES)[number];
const ONLY = 'only';
const NONCE_BYTES = 12;

/**
 * Keys in IndexedDB. Device keys are kept as WebCrypto has them, not extractable; identity secrets are encrypted under a key of this
 * browser that is not extractable either, so that a copy of its files or a dump of the database holds no identity as such.
 *
 * @param factory - the page's `indexedDB`
 */
export async function openIndexedDbKeyStore(factory: IDBFactory): Promise<KeyStore> {
  const database = await openDatabase(factory);

  /** What is kept, or `value`, which is kept from then on: one transaction where it is not there yet. */
  async function add<Value>(table: Table, key: string, value: Value, read: Reader<Value>): Promise<Value> {
    // Writing waits for the disk, for up to half a second; calls wait for it only with somebody new.
    const known = await get(table, key, read);
    if (known !== null) return known;
    const transaction = database.transaction(table, 'readwrite', { durability: 'strict' });
    const rows = transaction.objectStore(table);
    const kept = read(await toPromise(rows.get(key)));
    if (kept === null) rows.put(value, key);
    await toEnd(transaction);
    return kept ?? value;
  }
  async function get<Value>(table: Table, key: string, read: Reader<Value>): Promise<Value | null> {
    return read(await toPromise(database.transaction(table).objectStore(table).get(key)));
  }
  async function put(table: Table, key: string, value: unknown): Promise<void> {
    const transaction = database.transaction(table, 'readwrite', { durability: 'strict' });
    transaction.objectStore(table).put(value, key);
    await toEnd(transaction);
  }

  const wrapping = await add('wrapping', ONLY, await createWrappingKey(), readWrappingKey);
  const wrap = async (userId: string, secret: Bytes): Promise<Wrapped> => {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const sealed = await crypto.subtle.encrypt(sealFor(userId, nonce), wrapping, secret);
    return { nonce, sealed: new Uint8Array(sealed) };
  };
  const unwrap = async (userId: string, { nonce, sealed }: Wrapped): Promise<Bytes | null> => {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(sealFor(userId, nonce), wrapping, sealed));
    } catch {
      return null;
    }
  };

  return {
    openDeviceKey: async (deviceId) =>
      (await get('devices', deviceId, readDevice)) ??
      add('devices', deviceId, await createDeviceKey(), readDevice),
    readIdentity: async (userId) => {
      const wrapped = await get('identities', userId, readWrapped);
      return wrapped === null ? null : unwrap(userId, wrapped);
    },
    addIdentity: async (userId, secret) => {
      const kept = await unwrap(
        userId,
        await add('identities', userId, await wrap(userId, secret), readWrapped),
      );
      if (kept !== null) return kept;
      // Nobody can read it any more: as good as none.
      await put('identities', userId, await wrap(userId, secret));
      return secret;
    },
    putIdentity: async (userId, secret) => put('identities', userId, await wrap(userId, secret)),
    removeIdentity: async (userId) => {
      const transaction = database.transaction('identities', 'readwrite');
      transaction.objectStore('identities').delete(userId);
      await toEnd(transaction);
    },
    readContact: async (userId, contactId) => get('contacts', pairOf(userId, contactId), readContact),
    listContacts: async (userId) => {
      const start = pairOf(userId, '');
      // `!` is the character behind the space.
      const range = IDBKeyRange.bound(start, `${start.trimEnd()}!`, false, true);
      const rows = database.transaction('contacts').objectStore('contacts');
      const [pairs, values] = await Promise.all([
        toPromise(rows.getAllKeys(range)),
        toPromise(rows.getAll(range)),
      ]);
      return new Map(
        pairs.flatMap((pair, at) => {
          const contact = readContact(values[at]);
          return contact === null || typeof pair !== 'string' ? [] : [[pair.slice(start.length), contact]];
        }),
      );
    },
    addContact: async (userId, contactId, contact) =>
      add('contacts', pairOf(userId, contactId), contact, readContact),
    putContact: async (userId, contactId, contact) => put('contacts', pairOf(userId, contactId), contact),
    putLink: async (userId, link) => {
      const wrapped = await wrap(userId, writeLinkText(link));
      const row: LinkRow = { userId, linkId: link.linkId, expiresAt: link.expiresAt, wrapped };
      await put('links', pairOf(userId, link.linkId), row);
    },
    listLinks: async (userId, now) => {
      const transaction = database.transaction('links', 'readwrite');
      const table = transaction.objectStore('links');
      const rows: LinkRow[] = [];
      for (const value of await toPromise<unknown[]>(table.getAll())) {
        const row = readLinkRow(value);
        if (row === null) continue;
        if (row.expiresAt > now) rows.push(row);
        else table.delete(pairOf(row.userId, row.linkId));
      }
      await toEnd(transaction);
      const own = rows.filter((row) => row.userId === userId);
      const links = await Promise.all(
        own.map(async ({ linkId, expiresAt, wrapped }) =>
          readLinkText(await unwrap(userId, wrapped), linkId, expiresAt),
        ),
      );
      return links.flatMap((link) => link ?? []);
    },
  };
}

async function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(NAME, VERSION);
  request.addEventListener('upgradeneeded', () => {
    const { objectStoreNames } = request.result;
    for (const table of TABLES)
      if (!objectStoreNames.contains(table)) request.result.createObjectStore(table);
  });
  const database = await toPromise(request);
  // A later release in another window must not wait for this one.
  database.addEventListener('versionchange', () => database.close());
  return database;
}

const createWrappingKey = async (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

const sealFor = (userId: string, iv: Bytes): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new Uint8Array(new TextEncoder().encode(userId)),
});

const toPromise = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no storage')));
  });

const toEnd = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    for (const ending of ['abort', 'error'] as const)
      transaction.addEventListener(ending, () => reject(transaction.error ?? new Error('no storage')));
  });

const readWrappingKey: Reader<CryptoKey> = (value) => (value instanceof CryptoKey ? value : null);
const readDevice: Reader<SigningKey> = (value) => {
  const { privateKey, publicKey } = fieldsOf(value);
  return privateKey instanceof CryptoKey && isBytes(publicKey) ? { privateKey, publicKey } : null;
};
const readContact: Reader<RememberedContact> = (value) => {
  const { identityKey, verified, changed } = fieldsOf(value);
  return isBytes(identityKey) && typeof verified === 'boolean'
    ? { identityKey, verified, changed: changed === true }
    : null;
};
