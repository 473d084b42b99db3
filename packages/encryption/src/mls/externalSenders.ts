import type { Extension, ExternalSender } from 'ts-mls';
import { decodeExternalSender, encodeExternalSender } from 'ts-mls/externalSender.js';
import { type Bytes, concatBytes, equalBytes } from '../bytes.ts';
import { readSafely } from './codec.ts';

/**
 * The `external_senders` extension with one sender (RFC 9420 §12.1.8.1). It is a vector; the library reads and writes a bare
 * entry, which others could not read.
 */
export function externalSendersExtension(signatureKey: Uint8Array, identity: Uint8Array): Extension {
  const entry = encodeExternalSender({
    signaturePublicKey: signatureKey,
    credential: { credentialType: 'basic', identity },
  });
  return { extensionType: 'external_senders', extensionData: concatBytes(lengthPrefix(entry.length), entry) };
}

/** The one sender of a group's extensions; null where there is not exactly that and nothing else. */
export function readExternalSender(extensions: readonly Extension[]): ExternalSender | null {
  const [extension, ...others] = extensions;
  if (extension?.extensionType !== 'external_senders' || others.length > 0) return null;
  const data = extension.extensionData;
  const prefix = prefixBytes(data[0]);
  const sender = readSafely(() => decodeExternalSender(data.subarray(prefix), 0)?.[0]);
  if (sender === undefined || sender.credential.credentialType !== 'basic') return null;
  const again = externalSendersExtension(sender.signaturePublicKey, sender.credential.identity);
  return equalBytes(again.extensionData, data) ? sender : null;
}

/** RFC 9420 §2.1.2: the top two bits say how long the prefix is. */
const prefixBytes = (first = 0): number => 1 << (first >> 6);

function lengthPrefix(length: number): Bytes {
  if (length < 1 << 6) return new Uint8Array([length]);
  if (length < 1 << 14) return new Uint8Array([0x40 | (length >> 8), length & 0xff]);
  throw new RangeError('an external sender of 16 kB');
}
