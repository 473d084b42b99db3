/**
 * The cipher suites of SFrame: 1 to 5 of RFC 9605 §4.5, 6 to 8 of the draft that adds AES-256-CTR with HMAC-SHA512.
 * Calls use 4; the others are here because the official vectors exercise the same code through them.
 */
export type SuiteId = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface Suite {
  readonly id: SuiteId;
  readonly mode: 'gcm' | 'ctr-hmac';
  readonly hash: 'SHA-256' | 'SHA-512';
  /** Bytes of the AES key. */
  readonly aesBytes: 16 | 32;
  /** Bytes of the HMAC key; none for GCM. */
  readonly macBytes: 0 | 32 | 64;
  /** Bytes of the authentication tag. */
  readonly tagBytes: number;
}

/** Bytes of the nonce, the same in every suite. */
export const NONCE_BYTES = 12;

/** AES_128_GCM_SHA256_128, the suite of calls. */
export const CALL_SUITE = 4 satisfies SuiteId;

const ctr128 = { mode: 'ctr-hmac', hash: 'SHA-256', aesBytes: 16, macBytes: 32 } as const;
const ctr256 = { mode: 'ctr-hmac', hash: 'SHA-512', aesBytes: 32, macBytes: 64 } as const;

export const SUITES: { readonly [Id in SuiteId]: Suite } = {
  1: { id: 1, ...ctr128, tagBytes: 10 },
  2: { id: 2, ...ctr128, tagBytes: 8 },
  3: { id: 3, ...ctr128, tagBytes: 4 },
  4: { id: 4, mode: 'gcm', hash: 'SHA-256', aesBytes: 16, macBytes: 0, tagBytes: 16 },
  5: { id: 5, mode: 'gcm', hash: 'SHA-512', aesBytes: 32, macBytes: 0, tagBytes: 16 },
  6: { id: 6, ...ctr256, tagBytes: 10 },
  7: { id: 7, ...ctr256, tagBytes: 8 },
  8: { id: 8, ...ctr256, tagBytes: 4 },
};
