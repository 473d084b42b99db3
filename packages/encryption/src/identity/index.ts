export * from './approval/index.ts';
export type { CallIdentity, KnownDevice } from './types.ts';
export {
  type SigningKey,
  createDeviceKey,
  identityKeyOf,
  importIdentitySecret,
  unsafeCreateIdentitySecret,
} from './keys.ts';
export { type CertifiedDevice, certifyDevice, checkCertificate } from './certificates.ts';
export {
  type Confirmation,
  type DeviceCallIdentity,
  type DeviceIdentity,
  type IdentifiedDevice,
  createCallIdentity,
  verifyCredential,
} from './credential.ts';
export {
  type IdentifiedUser,
  type SafetyNumber,
  type ScanResult,
  callCodeOf,
  compareScanned,
  fingerprintOf,
  safetyNumberOf,
} from './safetyNumber.ts';
export {
  type ReadCode,
  createRecoveryCode,
  readRecoveryCode,
  showRecoveryCode,
  unwrapIdentity,
  wrapIdentity,
} from './recovery.ts';
export {
  type GuestClaim,
  type GuestPass,
  GUEST_KEY_BYTES,
  checkGuestProof,
  createGuestPass,
  createLinkSecret,
  guestKeyOf,
  linkTokenOf,
  openGuestName,
  proveGuest,
  readLinkSecret,
  sealGuestName,
  showLinkSecret,
} from './links.ts';
export {
  type DescriptionPlace,
  type Transport,
  readTransport,
  signTransport,
  verifyTransport,
} from './transport.ts';
