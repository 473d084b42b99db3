import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  type Suite,
  type SuiteId,
  SUITES,
  decodeHeader,
  decryptSframe,
  deriveKey,
  encodeHeader,
  encryptSframe,
  importBaseKey,
} from '../src/index.ts';
import { importAeadKey, open, seal } from '../src/sframe/aead.ts';
import { nonceOf } from '../src/sframe/cipher.ts';
import { expand, keyLabel, saltLabel } from '../src/sframe/keys.ts';
import { describeVectors, fromHex, readVectors, toHex } from './vectors.ts';

const Suite = z.literal([1, 2, 3, 4, 5, 6, 7, 8]);
const Header = z.object({ kid: z.string(), ctr: z.string(), encoded: z.string() });
const Mac = z.object({
  cipher_suite: Suite,
  key: z.string(),
  enc_key: z.string(),
  auth_key: z.string(),
  nonce: z.string(),
  aad: z.string(),
  pt: z.string(),
  ct: z.string(),
});
const Whole = z.object({
  cipher_suite: Suite,
  kid: z.string(),
  ctr: z.string(),
  base_key: z.string(),
  sframe_key_label: z.string(),
  sframe_salt_label: z.string(),
  sframe_secret: z.string(),
  sframe_key: z.string(),
  sframe_salt: z.string(),
  metadata: z.string(),
  nonce: z.string(),
  aad: z.string(),
  pt: z.string(),
  ct: z.string(),
});
const Rfc = z.object({
  header: z.array(Header),
  aes_ctr_hmac: z.array(Mac),
  aes_256_ctr_hmac: z.array(Mac),
  sframe: z.array(Whole),
});
const Aes256 = z.object({ sframe_aes_256_ctr_hmac: z.array(Whole) });

/** HKDF-Extract with an empty salt: HMAC under a key of zeros, as long as the hash. */
async function extract(hash: Suite['hash'], input: Uint8Array<ArrayBuffer>): Promise<string> {
  const zeros = new Uint8Array(hash === 'SHA-256' ? 32 : 64);
  const key = await crypto.subtle.importKey('raw', zeros, { name: 'HMAC', hash }, false, ['sign']);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, input)));
}

describeVectors('the official vectors of SFrame', () => {
  const rfc = Rfc.parse(readVectors('sframe/test-vectors.json'));
  const aes256 = Aes256.parse(readVectors('sframe/test-vectors-aes256.json'));
  const wholes = [...rfc.sframe, ...aes256.sframe_aes_256_ctr_hmac];
  const macs = [...rfc.aes_ctr_hmac, ...rfc.aes_256_ctr_hmac];

  test('are all there', () => {
    expect([rfc.header.length, macs.length, wholes.length]).toEqual([289, 6, 8]);
  });

  test.each(rfc.header)('header of key id $kid and counter $ctr', ({ kid, ctr, encoded }) => {
    const header = { keyId: BigInt(kid), counter: BigInt(ctr) };
    expect(toHex(encodeHeader(header))).toBe(encoded);
    const bytes = fromHex(encoded);
    expect(decodeHeader(bytes)).toEqual({ ...header, length: bytes.length });
  });

  test.each(macs)('AES-CTR with HMAC, suite $cipher_suite', async (vector) => {
    const suite: Suite = SUITES[vector.cipher_suite satisfies SuiteId];
    const key = await importAeadKey(suite, fromHex(vector.key));
    expect(vector.enc_key + vector.auth_key).toBe(vector.key);
    const [nonce, aad, plain] = [vector.nonce, vector.aad, vector.pt].map(fromHex);
    if (nonce === undefined || aad === undefined || plain === undefined) return expect.fail();
    expect(toHex(await seal(key, nonce, aad, plain))).toBe(vector.ct);
    expect(await open(key, nonce, aad, fromHex(vector.ct))).toEqual(plain);
  });

  test.each(wholes)('a whole frame, suite $cipher_suite', async (vector) => {
    const suite = vector.cipher_suite;
    const [keyId, counter] = [BigInt(vector.kid), BigInt(vector.ctr)];
    const base = await importBaseKey(fromHex(vector.base_key));
    const { hash, aesBytes, macBytes } = SUITES[suite];
    expect(await extract(hash, fromHex(vector.base_key))).toBe(vector.sframe_secret);
    // The last byte pair of the label is the suite.
    expect(toHex(keyLabel(keyId, suite))).toBe(vector.sframe_key_label);
    expect(toHex(saltLabel(keyId, suite))).toBe(vector.sframe_salt_label);
    expect(toHex(await expand(base, keyLabel(keyId, suite), suite, aesBytes + macBytes))).toBe(
      vector.sframe_key,
    );
    const key = await deriveKey(base, keyId, suite);
    expect(toHex(key.salt)).toBe(vector.sframe_salt);
    expect(toHex(nonceOf(key, counter))).toBe(vector.nonce);

    const metadata = fromHex(vector.metadata);
    const sealed = await encryptSframe(key, counter, metadata, fromHex(vector.pt));
    expect(toHex(sealed)).toBe(vector.ct);
    const header = decodeHeader(sealed);
    if (header === null) return expect.fail('no header');
    expect(vector.aad).toBe(toHex(sealed.subarray(0, header.length)) + vector.metadata);
    expect(toHex((await decryptSframe(key, header, metadata, sealed)) ?? new Uint8Array())).toBe(vector.pt);
  });
});
