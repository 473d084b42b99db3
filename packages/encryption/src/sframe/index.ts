export { type ReadHeader, type SframeHeader, MAX_UINT64, decodeHeader, encodeHeader } from './header.ts';
export { type BaseKey, type SframeKey, deriveKey, importBaseKey } from './keys.ts';
export { type Suite, type SuiteId, CALL_SUITE, NONCE_BYTES, SUITES } from './suites.ts';
export { decryptSframe, encryptSframe } from './cipher.ts';
