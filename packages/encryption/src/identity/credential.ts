import { type Bytes, concatBytes } from '../bytes.ts';
import { CERTIFICATE_BYTES, checkCertificate } from './certificates.ts';
import { ID_RANGE, isWithin, labelled, readFields, readUtf8, utf8, writeFields } from './fields.ts';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, type SigningKey, sign, verifySignature } from './keys.ts';
import { type GuestPass, PROOF_BYTES, proveGuest } from './links.ts';
import type { CallIdentity, KnownDevice } from './types.ts';

const VERSION = 2;
const NOTHING = new Uint8Array();

/** A device that its credential has proven to hold its device key. */
export interface IdentifiedDevice extends KnownDevice {
  /** Whether the identity key says that this device is that user's. If not, anybody could have made the credential. */
  readonly confirmed: boolean;
  /** Ed25519, 32 bytes; null where the device is not confirmed. Whose it is, only a comparison with what is known tells. */
  readonly identityKey: Bytes | null;
  /** Ed25519, 32 bytes. */
  readonly deviceKey: Bytes;
  /** A guest's proof that it came by a link, unchecked: it takes that link's guest key (`checkGuestProof`). */
  readonly linkProof: Bytes | null;
}

/** What a device says who it is with. Everything in it can be posted to a worker, and the private half cannot be read there. */
export interface DeviceIdentity extends KnownDevice {
  readonly deviceKey: SigningKey;
  /** Null while the device is not confirmed, and always for guests. */
  readonly confirmation: Confirmation | null;
  /** Of guests who have the secret of their link. */
  readonly guest?: GuestPass | null;
}

export interface Confirmation {
  /** Ed25519, 32 bytes. */
  readonly identityKey: Bytes;
  readonly certificate: Bytes;
}

export interface DeviceCallIdentity extends CallIdentity {
  verify(credential: Uint8Array, leafKey: Uint8Array, callId: Uint8Array): Promise<IdentifiedDevice | null>;
}

/**
 * The identity of this device for calls. A credential is `version (2)`, then the fields user id, device id, identity key (32 or
 * 0 bytes), device key (32), certificate (73 or 0), proof of a guest (32 or 0), signature (64); the last is the device key's over the
 * labelled fields call id, leaf key and everything before it. Identity key and certificate are there both or not at all, and never with
 * a guest's proof.
 *
 * @throws RangeError for ids of a length that no reader takes
 */
export function createCallIdentity(device: DeviceIdentity): DeviceCallIdentity {
  const [userId, deviceId] = [utf8(device.userId), utf8(device.deviceId)];
  if (!isWithin(userId, ID_RANGE) || !isWithin(deviceId, ID_RANGE)) throw new RangeError('no such id');
  const { deviceKey, confirmation } = device;
  const guest = confirmation === null ? (device.guest ?? null) : null;
  return {
    certify: async (leafKey, callId) => {
      const of = { ...device, callId, leafKey, deviceKey: deviceKey.publicKey };
      const claim: Claim = [
        userId,
        deviceId,
        confirmation?.identityKey ?? NOTHING,
        deviceKey.publicKey,
        confirmation?.certificate ?? NOTHING,
        guest === null ? NOTHING : await proveGuest(guest, { ...of, name: guest.name }),
      ];
      const signature = await sign(deviceKey, signedText(claim, leafKey, callId));
      return concatBytes(Uint8Array.of(VERSION), writeFields(...claim, signature));
    },
    verify: verifyCredential,
  };
}

/** The device that a credential of this leaf key and call belongs to; null where anything about it does not hold. */
export async function verifyCredential(
  credential: Uint8Array,
  leafKey: Uint8Array,
  callId: Uint8Array,
): Promise<IdentifiedDevice | null> {
  if (credential[0] !== VERSION || leafKey.length !== PUBLIC_KEY_BYTES || !isWithin(callId, ID_RANGE))
    return null;
  const fields = readFields(credential.subarray(1), [
    ID_RANGE,
    ID_RANGE,
    [0, PUBLIC_KEY_BYTES],
    [PUBLIC_KEY_BYTES, PUBLIC_KEY_BYTES],
    [0, CERTIFICATE_BYTES],
    [0, PROOF_BYTES],
    [SIGNATURE_BYTES, SIGNATURE_BYTES],
  ]);
  if (fields === null) return null;
  const [userIdBytes = NOTHING, deviceIdBytes = NOTHING, identityKey = NOTHING] = fields;
  const [, , , deviceKey = NOTHING, certificate = NOTHING, proof = NOTHING, signature = NOTHING] = fields;
  const [userId, deviceId] = [readUtf8(userIdBytes), readUtf8(deviceIdBytes)];
  if (userId === null || deviceId === null) return null;
  const claim: Claim = [userIdBytes, deviceIdBytes, identityKey, deviceKey, certificate, proof];
  if (!(await verifySignature(deviceKey, signature, signedText(claim, leafKey, callId)))) return null;
  const known = { userId, deviceId, deviceKey };
  if (identityKey.length === 0 && certificate.length === 0) {
    if (proof.length !== 0 && proof.length !== PROOF_BYTES) return null;
    const linkProof = proof.length === 0 ? null : proof;
    return { ...known, confirmed: false, identityKey: null, linkProof };
  }
  if (proof.length > 0) return null;
  // One that claims to be confirmed and is not, is not taken for one that claims nothing.
  if ((await checkCertificate(certificate, identityKey, known)) === null) return null;
  return { ...known, confirmed: true, identityKey, linkProof: null };
}

type Claim = readonly [
  userId: Bytes,
  deviceId: Bytes,
  identityKey: Bytes,
  deviceKey: Bytes,
  certificate: Bytes,
  proof: Bytes,
];

const signedText = (claim: Claim, leafKey: Uint8Array, callId: Uint8Array): Bytes =>
  labelled('leaf credential', Uint8Array.of(VERSION), callId, leafKey, ...claim);
