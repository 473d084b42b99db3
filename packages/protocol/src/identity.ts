import * as z from 'zod/mini';
import { Id } from './entities.ts';

/*
 * Whose keys are whose, as the server hands it on. It believes none of it and neither does a device (docs/encryption.md): they check the
 * certificates, and people compare safety numbers.
 */

/** An Ed25519 key, 32 bytes, in base64. */
export const PublicKey = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/));
/** An identity key's word that a device is its user's, 73 bytes, in base64. */
export const DeviceCertificate = z.string().check(z.regex(/^[A-Za-z0-9+/]{98}==$/));

/** IDN1: the user's identity key; `replaces` is the one that stands until then, null where there is none. */
export const IdentityKeyInput = z.strictObject({ identityKey: PublicKey, replaces: z.nullable(PublicKey) });
export type IdentityKeyInput = z.infer<typeof IdentityKeyInput>;

/** IDN2: the key of the device that asks; `certificate` is null while nobody has confirmed it. */
export const DeviceKeyInput = z.strictObject({
  deviceKey: PublicKey,
  certificate: z.nullable(z.strictObject({ identityKey: PublicKey, bytes: DeviceCertificate })),
});
export type DeviceKeyInput = z.infer<typeof DeviceKeyInput>;

/** IDN3: a user's keys. Devices that have published none are not in it; certificates are of the identity key that stands. */
export const UserKeys = z.strictObject({
  userId: Id,
  identityKey: z.nullable(PublicKey),
  devices: z.array(
    z.strictObject({ deviceId: Id, deviceKey: PublicKey, certificate: z.nullable(DeviceCertificate) }),
  ),
});
export type UserKeys = z.infer<typeof UserKeys>;
