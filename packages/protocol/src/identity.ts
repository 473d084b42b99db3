import * as z from 'zod/mini';
import { Id, Time } from './entities.ts';
import { LIMITS } from './limits.ts';

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

/** What one step of an approval says, in base64: the longest, a grant, has 264 characters. */
const ApprovalBytes = z
  .string()
  .check(z.minLength(1), z.maxLength(LIMITS.approvalLength), z.regex(/^[A-Za-z0-9+/]+={0,2}$/));

/**
 * IDN4: one step of the approval of a device by another one of the same user (docs/encryption.md). The server hands it on and
 * understands nothing of it but who may say it to whom.
 */
export const ApprovalStep = z.discriminatedUnion('kind', [
  /** A device that is not confirmed asks; said again every few seconds while it does. */
  z.strictObject({ kind: z.literal('ask'), bytes: ApprovalBytes }),
  z.strictObject({ kind: z.literal('message'), bytes: ApprovalBytes }),
  /** `done`: the new device is confirmed. `elsewhere`: it goes on with another one. All others: it failed, and why. */
  z.strictObject({
    kind: z.literal('end'),
    reason: z.enum(['done', 'elsewhere', 'refused', 'cancelled', 'wrong_code', 'timed_out', 'broken']),
  }),
]);
export type ApprovalStep = z.infer<typeof ApprovalStep>;

/** IDN5: an identity under a recovery code, 93 bytes, in base64. The code never leaves the devices of its person. */
export const WrappedIdentity = z.string().check(z.regex(/^[A-Za-z0-9+/]{124}$/));
/** `identityKey` says whose secret is wrapped: it has to be the one that stands. */
export const RecoveryInput = z.strictObject({ identityKey: PublicKey, wrapped: WrappedIdentity });
export type RecoveryInput = z.infer<typeof RecoveryInput>;
/** Whether there is one that holds for the identity key that stands. */
export const RecoveryState = z.strictObject({ madeAt: z.nullable(Time) });
export type RecoveryState = z.infer<typeof RecoveryState>;
export const Recovery = z.strictObject({ wrapped: WrappedIdentity });
export type Recovery = z.infer<typeof Recovery>;
