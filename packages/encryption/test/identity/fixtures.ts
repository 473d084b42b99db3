import {
  type Bytes,
  type CertifiedDevice,
  type DeviceIdentity,
  type SigningKey,
  certifyDevice,
  createDeviceKey,
  importIdentitySecret,
  unsafeCreateIdentitySecret,
} from '../../src/index.ts';

export const NOW = Date.UTC(2030, 0, 1);
export const text = (value: string): Bytes => new Uint8Array(new TextEncoder().encode(value));
export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
export const fromHex = (hex: string): Bytes => new Uint8Array(Buffer.from(hex, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** RFC 8032 §7.1, tests 1 and 2: seed, then public key. */
export const SECRET_1 = fromHex(
  '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60' +
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
);
export const SECRET_2 = fromHex(
  '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb' +
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
);

export async function importSecret(secret: Bytes): Promise<SigningKey> {
  const key = await importIdentitySecret(secret);
  if (key === null) throw new Error('no identity');
  return key;
}

export interface TestUser {
  readonly userId: string;
  readonly secret: Bytes;
  readonly identity: SigningKey;
}

export async function createUser(userId: string): Promise<TestUser> {
  const secret = await unsafeCreateIdentitySecret();
  return { userId, secret, identity: await importSecret(secret) };
}

/** A device that its user has confirmed. */
export async function createConfirmed(
  { userId, identity }: TestUser,
  deviceId: string,
): Promise<DeviceIdentity> {
  const deviceKey = await createDeviceKey();
  const device: CertifiedDevice = { userId, deviceId, deviceKey: deviceKey.publicKey };
  const certificate = await certifyDevice(identity, device, NOW);
  return { userId, deviceId, deviceKey, confirmation: { identityKey: identity.publicKey, certificate } };
}

/** The same bytes with one bit turned. */
export function turnBit(bytes: Uint8Array, bit: number): Bytes {
  const turned = new Uint8Array(bytes);
  turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return turned;
}
