import type { ClientConfig, GroupContext } from 'ts-mls';
import type { Encoder } from 'ts-mls/codec/tlsEncoder.js';
import type { Decoder } from 'ts-mls/codec/tlsDecoder.js';
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js';
import { defaultLifetimeConfig } from 'ts-mls/lifetimeConfig.js';
import { defaultPaddingConfig } from 'ts-mls/paddingConfig.js';
import * as z from 'zod';
import { SUITE_NAME } from '../src/mls/suiteName.ts';
import { fromHex, readVectors, toHex } from './vectors.ts';

/** Bytes in hexadecimal. */
export const Hex = z.string().transform(fromHex);

/** The vectors of a file that are of suite 1. Those of other suites are not read any further. */
export function readSuite1<T extends z.ZodType>(file: string, shape: T): z.output<T>[] {
  const all = z.array(z.looseObject({ cipher_suite: z.number() })).parse(readVectors(`mls/${file}`));
  return all.filter(({ cipher_suite: suite }) => suite === 1).map((vector) => shape.parse(vector));
}

/** Reads all of the bytes, or fails. */
export function decodeAll<T>(decoder: Decoder<T>, bytes: Uint8Array): T {
  const decoded = decoder(bytes, 0);
  if (decoded === undefined || decoded[1] !== bytes.length) throw new Error('not decoded to its end');
  return decoded[0];
}

/** The bytes after they were read and written again. */
export const again = <T>(decoder: Decoder<T>, encoder: Encoder<T>, bytes: Uint8Array): string =>
  toHex(encoder(decodeAll(decoder, bytes)));

export const contextOf = (
  parts: Pick<GroupContext, 'groupId' | 'epoch' | 'treeHash' | 'confirmedTranscriptHash'>,
): GroupContext => ({ version: 'mls10', cipherSuite: SUITE_NAME, extensions: [], ...parts });

/** The vectors are of groups with any identities. */
export const openConfig: ClientConfig = {
  authService: { validateCredential: () => Promise.resolve(true) },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  keyRetentionConfig: {
    retainKeysForGenerations: 10,
    retainKeysForEpochs: 4,
    maximumForwardRatchetSteps: 200,
  },
  lifetimeConfig: defaultLifetimeConfig,
  paddingConfig: defaultPaddingConfig,
};
