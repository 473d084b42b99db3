import {
  type SuiteId,
  SUITES,
  decodeHeader,
  decryptSframe,
  deriveKey,
  encodeHeader,
  encryptSframe,
  importBaseKey,
} from '@visavis/encryption';
import { importAeadKey, open, seal } from '../../../packages/encryption/src/sframe/aead.ts';

/** The official vectors of SFrame, as far as a browser could compute them otherwise than Node. Whole numbers are strings. */
export interface SframeVectors {
  readonly headers: readonly { readonly kid: string; readonly ctr: string; readonly encoded: string }[];
  readonly macs: readonly {
    readonly cipher_suite: SuiteId;
    readonly key: string;
    readonly nonce: string;
    readonly aad: string;
    readonly pt: string;
    readonly ct: string;
  }[];
  readonly wholes: readonly {
    readonly cipher_suite: SuiteId;
    readonly kid: string;
    readonly ctr: string;
    readonly base_key: string;
    readonly metadata: string;
    readonly pt: string;
    readonly ct: string;
  }[];
}

export interface VectorsResult {
  readonly checked: number;
  readonly failed: readonly string[];
}

type Bytes = Uint8Array<ArrayBuffer>;
const fromHex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes: Uint8Array | null): string =>
  bytes === null ? 'none' : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function isHeader({ kid, ctr, encoded }: SframeVectors['headers'][number]): boolean {
  const bytes = fromHex(encoded);
  const header = decodeHeader(bytes);
  return (
    toHex(encodeHeader({ keyId: BigInt(kid), counter: BigInt(ctr) })) === encoded &&
    header?.keyId === BigInt(kid) &&
    header.counter === BigInt(ctr) &&
    header.length === bytes.length
  );
}

async function isMac(vector: SframeVectors['macs'][number]): Promise<boolean> {
  const key = await importAeadKey(SUITES[vector.cipher_suite], fromHex(vector.key));
  const [nonce, aad] = [fromHex(vector.nonce), fromHex(vector.aad)];
  return (
    toHex(await seal(key, nonce, aad, fromHex(vector.pt))) === vector.ct &&
    toHex(await open(key, nonce, aad, fromHex(vector.ct))) === vector.pt
  );
}

async function isWhole(vector: SframeVectors['wholes'][number]): Promise<boolean> {
  const base = await importBaseKey(fromHex(vector.base_key));
  const key = await deriveKey(base, BigInt(vector.kid), vector.cipher_suite);
  const metadata = fromHex(vector.metadata);
  const sealed = await encryptSframe(key, BigInt(vector.ctr), metadata, fromHex(vector.pt));
  const header = decodeHeader(sealed);
  if (header === null) return false;
  const opened = await decryptSframe(key, header, metadata, fromHex(vector.ct));
  return toHex(sealed) === vector.ct && toHex(opened) === vector.pt;
}

async function check({ headers, macs, wholes }: SframeVectors): Promise<VectorsResult> {
  const failed: string[] = [];
  for (const vector of headers) if (!isHeader(vector)) failed.push(`header ${vector.kid} ${vector.ctr}`);
  for (const vector of macs) if (!(await isMac(vector))) failed.push(`mac ${vector.cipher_suite}`);
  for (const vector of wholes) if (!(await isWhole(vector))) failed.push(`whole ${vector.cipher_suite}`);
  return { checked: headers.length + macs.length + wholes.length, failed };
}

globalThis.addEventListener('message', (event: MessageEvent<SframeVectors>) => {
  check(event.data).then(
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    (result) => globalThis.postMessage(result),
    (error: unknown) => reportError(error),
  );
});
