export { compareScanned, type SafetyNumber, type ScanResult } from '@visavis/encryption/identity';
export type { ContactStatus } from './contacts.ts';
export {
  type ComparedNumber,
  type ContactKeys,
  createIdentity,
  type Identity,
  type IdentityOptions,
} from './identity.ts';
export { openIndexedDbKeyStore } from './indexedDbKeyStore.ts';
export type { KeyStore, RememberedContact, RememberedLink } from './keyStore.ts';
export { createMemoryKeyStore } from './memoryKeyStore.ts';
export type { IdentityApi, OwnDevice, OwnStatus } from './ownKeys.ts';
