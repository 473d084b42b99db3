import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import * as z from 'zod';
import { type Bytes, type ExternalSenderKey } from '../src/index.ts';
import { type ProposalPlace, type ServerCrypto, createProposalSigner } from '../src/mls/server.ts';

/** A server as members know it, with what it signs. */
export interface TestSigner {
  readonly key: ExternalSenderKey;
  readonly proposeAdd: (place: ProposalPlace, keyPackage: Uint8Array) => Bytes;
  readonly proposeRemove: (place: ProposalPlace, leaf: number) => Bytes;
}

const Jwk = z.object({ x: z.string() });

/** With a fresh key. `identity` is its name. */
export function createTestSigner(identity: Uint8Array): TestSigner {
  const { crypto, publicKey } = createServerCrypto();
  const signer = createProposalSigner(crypto);
  return {
    key: { signatureKey: publicKey, identity: new Uint8Array(identity) },
    proposeAdd: (place, keyPackage) => signer.proposeAdd(place, keyPackage).message,
    proposeRemove: (place, leaf) => signer.proposeRemove(place, leaf).message,
  };
}

export function createServerCrypto(): { readonly crypto: ServerCrypto; readonly publicKey: Bytes } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x } = Jwk.parse(createPublicKey(privateKey).export({ format: 'jwk' }));
  return {
    crypto: {
      sign: (message) => sign(null, message, privateKey),
      sha256: (message) => createHash('sha256').update(message).digest(),
    },
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
  };
}
