import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
/** RFC 8489 §14, RFC 8445 §16.1. */
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  mappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  controlling: 0x802a,
};
const INTEGRITY_BYTES = 24;
const FINGERPRINT_BYTES = 8;
const FINGERPRINT_MASK = 0x5354554e;
const HOST_PRIORITY = 0x7e7f1eff;

/** What one end of a path is known by (RFC 8445 §5.3). */
export interface IceCredentials {
  readonly usernameFragment: string;
  readonly password: string;
}

/** A connectivity check to a peer that is ICE-lite, with the nomination in it (RFC 8445 §7.2, §8.1.1). */
export function bindingRequest(local: IceCredentials, remote: IceCredentials): Buffer {
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(HOST_PRIORITY);
  const attributes = Buffer.concat([
    attribute(
      ATTRIBUTE.username,
      Buffer.from(`${remote.usernameFragment}:${local.usernameFragment}`, 'latin1'),
    ),
    attribute(ATTRIBUTE.priority, priority),
    attribute(ATTRIBUTE.controlling, randomBytes(8)),
    attribute(ATTRIBUTE.useCandidate, Buffer.alloc(0)),
  ]);
  return sign(BINDING_REQUEST, randomBytes(12), attributes, remote.password);
}

export const isBindingRequest = (packet: Buffer): boolean => packet.readUInt16BE(0) === BINDING_REQUEST;

/** The answer to a check of the other end (RFC 8489 §14.2), by which it learns that this end is there. */
export function bindingResponse(
  request: Buffer,
  local: IceCredentials,
  from: { readonly address: string; readonly port: number },
): Buffer {
  const mapped = Buffer.alloc(8);
  mapped[1] = 1;
  mapped.writeUInt16BE(from.port ^ (COOKIE >>> 16), 2);
  const address = Buffer.from(from.address.split('.').map(Number)).readUInt32BE(0);
  mapped.writeUInt32BE((address ^ COOKIE) >>> 0, 4);
  const transaction = request.subarray(8, HEADER_BYTES);
  return sign(BINDING_SUCCESS, transaction, attribute(ATTRIBUTE.mappedAddress, mapped), local.password);
}

/** RFC 8489 §14.5 and §14.7: each of the two counts itself in the length, and what comes after it not. */
function sign(type: number, transaction: Buffer, attributes: Buffer, password: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt32BE(COOKIE, 4);
  transaction.copy(header, 8);
  header.writeUInt16BE(attributes.length + INTEGRITY_BYTES, 2);
  const hmac = createHmac('sha1', password).update(header).update(attributes).digest();
  const signed = Buffer.concat([attributes, attribute(ATTRIBUTE.integrity, hmac)]);
  header.writeUInt16BE(signed.length + FINGERPRINT_BYTES, 2);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((crc32(Buffer.concat([header, signed])) ^ FINGERPRINT_MASK) >>> 0);
  return Buffer.concat([header, signed, attribute(ATTRIBUTE.fingerprint, sum)]);
}

function attribute(type: number, value: Buffer): Buffer {
  const framed = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  framed.writeUInt16BE(type, 0);
  framed.writeUInt16BE(value.length, 2);
  value.copy(framed, 4);
  return framed;
}
