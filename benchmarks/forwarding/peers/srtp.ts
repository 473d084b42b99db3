import { createCipheriv, createDecipheriv } from 'node:crypto';

/** One direction of AEAD_AES_128_GCM (RFC 7714): the master key and salt that DTLS gives. */
export interface MasterKey {
  readonly key: Buffer;
  readonly salt: Buffer;
}
/** Session keys (RFC 3711 §4.3). */
export interface SrtpKeys {
  readonly rtpKey: Buffer;
  readonly rtpSalt: Buffer;
  readonly rtcpKey: Buffer;
  readonly rtcpSalt: Buffer;
}

const CIPHER = 'aes-128-gcm';
export const KEY_BYTES = 16;
export const SALT_BYTES = 12;
const TAG_BYTES = 16;
const LABEL = { rtpKey: 0, rtpSalt: 2, rtcpKey: 3, rtcpSalt: 5 };
const LABEL_AT = 7;
const RTCP_HEADER_BYTES = 8;

export function deriveKeys({ key, salt }: MasterKey): SrtpKeys {
  const derive = (label: number, length: number): Buffer => {
    const iv = Buffer.alloc(16);
    salt.copy(iv);
    iv[LABEL_AT] = (iv[LABEL_AT] ?? 0) ^ label;
    return createCipheriv('aes-128-ctr', key, iv).update(Buffer.alloc(length));
  };
  return {
    rtpKey: derive(LABEL.rtpKey, KEY_BYTES),
    rtpSalt: derive(LABEL.rtpSalt, SALT_BYTES),
    rtcpKey: derive(LABEL.rtcpKey, KEY_BYTES),
    rtcpSalt: derive(LABEL.rtcpSalt, SALT_BYTES),
  };
}

/** RFC 7714 §8.1: of the source, the rollover counter and the sequence number. */
function rtpNonce(salt: Buffer, packet: Buffer, rollover: number): Buffer {
  const nonce = Buffer.from(salt);
  xor32(nonce, 2, packet.readUInt32BE(8));
  xor32(nonce, 6, rollover);
  nonce.writeUInt16BE(nonce.readUInt16BE(10) ^ packet.readUInt16BE(2), 10);
  return nonce;
}
const xor32 = (nonce: Buffer, at: number, value: number): void => {
  nonce.writeUInt32BE((nonce.readUInt32BE(at) ^ value) >>> 0, at);
};

/** @param headerBytes - with the extensions, which stay readable */
export function sealRtp(keys: SrtpKeys, packet: Buffer, headerBytes: number, rollover: number): Buffer {
  const cipher = createCipheriv(CIPHER, keys.rtpKey, rtpNonce(keys.rtpSalt, packet, rollover));
  const header = packet.subarray(0, headerBytes);
  cipher.setAAD(header);
  const sealed = cipher.update(packet.subarray(headerBytes));
  cipher.final();
  return Buffer.concat([header, sealed, cipher.getAuthTag()]);
}

/**
 * @returns the payload
 * @throws when the packet is not what was sealed
 */
export function openRtp(keys: SrtpKeys, packet: Buffer, headerBytes: number, rollover: number): Buffer {
  const decipher = createDecipheriv(CIPHER, keys.rtpKey, rtpNonce(keys.rtpSalt, packet, rollover));
  decipher.setAAD(packet.subarray(0, headerBytes));
  decipher.setAuthTag(packet.subarray(packet.length - TAG_BYTES));
  const payload = decipher.update(packet.subarray(headerBytes, packet.length - TAG_BYTES));
  decipher.final();
  return payload;
}

/** RFC 7714 §9: an RTCP packet, encrypted, under its 31 bits of index. */
export function sealRtcp(keys: SrtpKeys, packet: Buffer, index: number): Buffer {
  const nonce = Buffer.from(keys.rtcpSalt);
  xor32(nonce, 2, packet.readUInt32BE(4));
  xor32(nonce, 8, index);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE((0x80000000 | index) >>> 0);
  const header = packet.subarray(0, RTCP_HEADER_BYTES);
  const cipher = createCipheriv(CIPHER, keys.rtcpKey, nonce);
  cipher.setAAD(Buffer.concat([header, trailer]));
  const sealed = cipher.update(packet.subarray(RTCP_HEADER_BYTES));
  cipher.final();
  return Buffer.concat([header, sealed, cipher.getAuthTag(), trailer]);
}
