import { type Bytes, bigEndian, concatBytes } from '../bytes.ts';
import { ID_RANGE, isWithin, labelled, utf8 } from './fields.ts';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, type SigningKey, sign, verifySignature } from './keys.ts';

const VERSION = 1;
const TIME_BYTES = 8;
/** In bytes: version, when it was made, signature. */
export const CERTIFICATE_BYTES = 1 + TIME_BYTES + SIGNATURE_BYTES;

/** A device as its certificate says that it is its user's. */
export interface CertifiedDevice {
  readonly userId: string;
  readonly deviceId: string;
  /** Ed25519, 32 bytes. */
  readonly deviceKey: Uint8Array;
}

/**
 * The identity key's word that this device is its user's: `version (1) ‖ made at (8, ms since 1970, big-endian) ‖ signature (64)`,
 * where the signature is over the labelled fields version, user id, device id, device key, made at.
 *
 * @throws RangeError for ids or keys of a length that no reader takes
 */
export async function certifyDevice(
  identity: SigningKey,
  device: CertifiedDevice,
  madeAt: number,
): Promise<Bytes> {
  const [userId, deviceId] = [utf8(device.userId), utf8(device.deviceId)];
  if (!isWithin(userId, ID_RANGE) || !isWithin(deviceId, ID_RANGE)) throw new RangeError('no such id');
  if (device.deviceKey.length !== PUBLIC_KEY_BYTES) throw new RangeError('no such key');
  const time = bigEndian(BigInt(madeAt), TIME_BYTES);
  return concatBytes(Uint8Array.of(VERSION), time, await sign(identity, signedText(device, time)));
}

/** When the certificate was made, in ms since 1970; null where it does not hold for this device under this identity key. */
export async function checkCertificate(
  certificate: Uint8Array,
  identityKey: Uint8Array,
  device: CertifiedDevice,
): Promise<number | null> {
  if (certificate.length !== CERTIFICATE_BYTES || certificate[0] !== VERSION) return null;
  const time = new Uint8Array(certificate.subarray(1, 1 + TIME_BYTES));
  const signature = certificate.subarray(1 + TIME_BYTES);
  if (!(await verifySignature(identityKey, signature, signedText(device, time)))) return null;
  return Number(new DataView(time.buffer).getBigUint64(0));
}

const signedText = ({ userId, deviceId, deviceKey }: CertifiedDevice, time: Bytes): Bytes =>
  labelled('device certificate', Uint8Array.of(VERSION), utf8(userId), utf8(deviceId), deviceKey, time);
