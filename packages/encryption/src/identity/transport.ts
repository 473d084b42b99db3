import type { Bytes } from '../bytes.ts';
import { labelled, utf8 } from './fields.ts';
import { type SigningKey, sign, verifySignature } from './keys.ts';

/** How a peer connection can be told from any other: what its DTLS certificate hashes to, and its ICE name. */
export interface Transport {
  /** SHA-256 of the DTLS certificate, 32 bytes (RFC 8122 §5). */
  readonly fingerprint: Bytes;
  /** `ice-ufrag` (RFC 8839 §5.4). */
  readonly ufrag: string;
}

/** Where in a call a description is said. */
export interface DescriptionPlace {
  readonly callId: string;
  readonly type: 'offer' | 'answer';
  /** Of who says it. */
  readonly role: 'caller' | 'callee';
}

/** Firefox reads names of attributes in capitals too. */
const SPEAKS_OF_TRANSPORT = /^\s*a\s*=\s*(?:fingerprint|ice-ufrag)/i;
const FINGERPRINT = /^a=fingerprint:sha-256 (?<hex>[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31})$/;
const UFRAG = /^a=ice-ufrag:(?<ufrag>[A-Za-z0-9+/]{4,256})$/;

/**
 * The one transport of a session description. Its lines may say it any number of times, in the session or in media sections (those
 * that are bundled need not); null where they do not say it, or name a second one, another hash function than SHA-256, or anything
 * that one browser could read as such a line and another not.
 */
export function readTransport(sdp: string): Transport | null {
  const lines = sdp.split(/\r\n|\r|\n/).filter((line) => SPEAKS_OF_TRANSPORT.test(line));
  const [fingerprints, ufrags] = [new Set<string>(), new Set<string>()];
  for (const line of lines) {
    const [hex, ufrag] = [FINGERPRINT.exec(line)?.groups?.['hex'], UFRAG.exec(line)?.groups?.['ufrag']];
    if (hex !== undefined) fingerprints.add(hex.toLowerCase());
    else if (ufrag !== undefined) ufrags.add(ufrag);
    else return null;
  }
  const [[fingerprint, otherFingerprint], [ufrag, otherUfrag]] = [[...fingerprints], [...ufrags]];
  if (fingerprint === undefined || ufrag === undefined) return null;
  if (otherFingerprint !== undefined || otherUfrag !== undefined) return null;
  return { fingerprint: Uint8Array.from(fingerprint.split(':'), (byte) => Number.parseInt(byte, 16)), ufrag };
}

/** The device key's signature over where and by which transport it speaks, 64 bytes. */
export const signTransport = async (
  key: SigningKey,
  place: DescriptionPlace,
  transport: Transport,
): Promise<Bytes> => sign(key, signedText(place, transport));

/** Whether the device with this key says that it speaks here by this transport. */
export const verifyTransport = async (
  deviceKey: Uint8Array,
  signature: Uint8Array,
  place: DescriptionPlace,
  transport: Transport,
): Promise<boolean> => verifySignature(deviceKey, signature, signedText(place, transport));

const signedText = ({ callId, type, role }: DescriptionPlace, { fingerprint, ufrag }: Transport): Bytes =>
  labelled('transport', utf8(callId), utf8(type), utf8(role), utf8('sha-256'), fingerprint, utf8(ufrag));
