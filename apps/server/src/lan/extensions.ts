/** The certificate extensions that browsers and phones look at (RFC 5280, 4.2.1). Each function returns one, in DER. */
import { createHash } from 'node:crypto';

import { LOCAL_RANGES, isLocalAddress } from './addresses.ts';
import { addressBytes, bits, integer, objectId, octets, sequence, tagged, taggedBytes, yes } from './der.ts';

/** Whom a certificate is for. */
export interface CertificateNames {
  /** IPv4 and IPv6, without brackets. */
  readonly addresses: readonly string[];
  readonly hostnames: readonly string[];
}

const critical = (id: string, value: Uint8Array): Buffer => sequence(objectId(id), yes(), octets(value));
const optional = (id: string, value: Uint8Array): Buffer => sequence(objectId(id), octets(value));

/** Bits of KeyUsage, counted from the most significant one. */
const DIGITAL_SIGNATURE = bits(Uint8Array.of(0b1000_0000), 7);
const SIGN_CERTIFICATES_AND_LISTS = bits(Uint8Array.of(0b0000_0110), 1);

/** An authority for end certificates only: none below it may vouch for others. */
export const authorityBasics = (): Buffer[] => [
  critical('2.5.29.19', sequence(yes(), integer(Uint8Array.of(0)))),
  critical('2.5.29.15', SIGN_CERTIFICATES_AND_LISTS),
];

/** A TLS server. */
export const serverBasics = (): Buffer[] => [
  critical('2.5.29.19', sequence()),
  critical('2.5.29.15', DIGITAL_SIGNATURE),
  optional('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
];

/** 160 bits of SHA-256 over the public key (RFC 7093, 2). */
const keyId = (publicKey: Uint8Array): Buffer =>
  createHash('sha256').update(publicKey).digest().subarray(0, 20);

export const subjectKeyId = (publicKey: Uint8Array): Buffer =>
  optional('2.5.29.14', octets(keyId(publicKey)));

export const authorityKeyId = (publicKey: Uint8Array): Buffer =>
  optional('2.5.29.35', sequence(taggedBytes(0, keyId(publicKey))));

const dnsName = (name: string): Buffer => taggedBytes(2, Buffer.from(name, 'ascii'));
const ipName = (...parts: readonly Uint8Array[]): Buffer => taggedBytes(7, Buffer.concat(parts));

/** The names themselves, and those by which a machine calls itself. */
export function alternativeNames({ addresses, hostnames }: CertificateNames): Buffer {
  return optional(
    '2.5.29.17',
    sequence(
      ...['localhost', ...hostnames].map(dnsName),
      ...['127.0.0.1', '::1', ...addresses].map((address) => ipName(addressBytes(address))),
    ),
  );
}

/** An address with as many bits as count, in the form of name constraints: the address, then a mask. */
function ipRange(range: string): Buffer {
  const [network = '', prefix = ''] = range.split('/');
  const address = addressBytes(network);
  const mask = address.map(
    (_, index) => 0xff & (0xff << (8 - Math.min(8, Math.max(0, Number(prefix) - 8 * index)))),
  );
  return ipName(address, mask);
}

/**
 * The limits of the local authority (4.2.1.10): a phone that trusts it trusts it for this machine and for addresses
 * that exist on local networks only. Whoever steals its key cannot pose as a site on the internet.
 */
export function nameConstraints({ addresses, hostnames }: CertificateNames): Buffer {
  const unusual = addresses.filter((address) => !isLocalAddress(address));
  const permitted = [
    ...['localhost', 'local', ...hostnames].map(dnsName),
    ...LOCAL_RANGES.map(ipRange),
    ...unusual.map((address) => ipRange(`${address}/${address.includes(':') ? 128 : 32}`)),
  ];
  return critical('2.5.29.30', sequence(tagged(0, ...permitted.map((name) => sequence(name)))));
}
