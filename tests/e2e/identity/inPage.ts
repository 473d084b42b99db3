import { openIndexedDbKeyStore } from '../../../packages/client/src/identity/indexedDbKeyStore.ts';
import { keyStoreChecks } from '../../../packages/client/test/identity/keyStoreChecks.ts';
import {
  askForApproval,
  createCallIdentity,
  createDeviceKey,
  importIdentitySecret,
  offerApproval,
  safetyNumberOf,
  stepNewDevice,
  stepOldDevice,
  unsafeCreateIdentitySecret,
  verifyCredential,
} from '../../../packages/encryption/src/identity/index.ts';

/** @returns what did not hold, with its reason */
export async function checkStore(): Promise<{
  readonly checked: number;
  readonly failed: readonly string[];
}> {
  const failed: string[] = [];
  for (const [name, check] of Object.entries(keyStoreChecks)) {
    try {
      await check(async () => openIndexedDbKeyStore(indexedDB));
    } catch (error) {
      failed.push(`${name}: ${String(error)}`);
    }
  }
  return { checked: Object.keys(keyStoreChecks).length, failed };
}

/** The identity of a user in this browser's store, made at first: its secret in hex. */
export async function openIdentity(): Promise<string> {
  const store = await openIndexedDbKeyStore(indexedDB);
  return toHex(await store.addIdentity('reload', await unsafeCreateIdentitySecret()));
}
export async function openDevice(): Promise<string> {
  return toHex((await (await openIndexedDbKeyStore(indexedDB)).openDeviceKey('reload')).publicKey);
}

/** Whether any row of the database holds these bytes as they are. */
export async function isStoredPlainly(hex: string): Promise<boolean> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('visavis-keys');
    request.addEventListener('success', () => resolve(request.result));
  });
  const rows = await Promise.all(
    [...database.objectStoreNames].map(
      async (name) =>
        new Promise<readonly unknown[]>((resolve) => {
          const request = database.transaction(name).objectStore(name).getAll();
          request.addEventListener('success', () => resolve(request.result));
        }),
    ),
  );
  database.close();
  const found: unknown[] = [];
  for (const row of rows.flatMap((each) => [...each])) {
    found.push(row, ...(isObject(row) ? Object.values<unknown>({ ...row }) : []));
  }
  return found.some((value) => value instanceof Uint8Array && toHex(value).includes(hex.slice(0, 64)));
}

/** A device that is approved by a scan makes a credential in a worker's manner: its keys went through structured cloning. */
export async function approveAndMeet(): Promise<unknown> {
  const secret = await unsafeCreateIdentitySecret();
  const deviceKey = await createDeviceKey();
  const me = { userId: 'ana', deviceId: 'phone', deviceKey: deviceKey.publicKey };
  const asked = await askForApproval(me);
  const event = { type: 'scanned', qr: asked.qr, now: 0 } as const;
  const { message } = await stepOldDevice(offerApproval({ userId: 'ana', secret }), event);
  const { state } = await stepNewDevice(asked.state, { type: 'message', message: message ?? asked.message });
  const identity = await importIdentitySecret(secret);
  if (state.type !== 'done' || identity === null) return state;
  const { certificate } = state.grant;
  const confirmation = { identityKey: identity.publicKey, certificate };
  const device = structuredClone({ ...me, deviceKey, confirmation });
  const [leafKey, callId] = [new Uint8Array(32), Uint8Array.of(1)];
  const credential = await createCallIdentity(device).certify(leafKey, callId);
  const met = await verifyCredential(credential, leafKey, callId);
  return { userId: met?.userId, confirmed: met?.confirmed };
}

/** Of the keys of RFC 8032 §7.1, tests 1 and 2. */
export async function numberOf(secrets: readonly [string, string]): Promise<string> {
  const [one, two] = await Promise.all(secrets.map(async (hex) => importIdentitySecret(fromHex(hex))));
  if (!one || !two) return 'no identity';
  const number = await safetyNumberOf(
    { userId: 'ana', identityKey: one.publicKey },
    { userId: 'ben', identityKey: two.publicKey },
  );
  return number.groups.join(' ');
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (hex: string) =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
