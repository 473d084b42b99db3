/** Suite 1 (RFC 9420 §17.1). P-256 fails in Firefox through the HPKE library; this one works in both browsers. */
export const SUITE_NAME = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';
