import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

/*
 * STUN messages (RFC 8489) and the attributes that TURN adds (RFC 8656), as far as a probe needs them.
 */

const COOKIE = 0x2112_a442;
const HEADER_BYTES = 20;

export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  peer: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
  mapped: 0x0020,
} as const;

export interface Attributes {
  readonly username?: string;
  readonly realm?: string;
  readonly nonce?: string;
  /** IANA protocol number: 17 UDP, 6 TCP. */
  readonly transport?: number;
  readonly family?: 4 | 6;
  /** In seconds. */
  readonly lifetime?: number;
  readonly channelNumber?: number;
  readonly peer?: Address;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What came back. */
export interface Message {
  readonly transaction: string;
  /** Of a refusal; null: it was granted. */
  readonly code: number | null;
  readonly realm: string | null;
  readonly nonce: string | null;
  readonly relayed: Address | null;
  readonly mapped: Address | null;
}

export interface Key {
  readonly username: string;
  readonly realm: string;
  readonly password: string;
}

/** @param key - signs the message (RFC 8489, 9.2.2); null: it goes unsigned */
export function encodeMessage(
  method: number,
  attributes: Attributes,
  key: Key | null,
): { readonly bytes: Buffer; readonly transaction: string } {
  const transaction = randomBytes(12);
  const parts = encodeAttributes(attributes, transaction);
  const header = (length: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16BE(method, 0);
    bytes.writeUInt16BE(length, 2);
    bytes.writeUInt32BE(COOKIE, 4);
    return bytes;
  };
  const body = Buffer.concat(parts);
  if (key === null) {
    return {
      bytes: Buffer.concat([header(body.length), transaction, body]),
      transaction: transaction.toString('hex'),
    };
  }
  const secret = createHash('md5').update(`${key.username}:${key.realm}:${key.password}`).digest();
  const INTEGRITY_BYTES = 24;
  const signed = Buffer.concat([header(body.length + INTEGRITY_BYTES), transaction, body]);
  const integrity = encodeAttribute(ATTRIBUTE.integrity, createHmac('sha1', secret).update(signed).digest());
  return { bytes: Buffer.concat([signed, integrity]), transaction: transaction.toString('hex') };
}

function encodeAttributes(attributes: Attributes, transaction: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  const add = (type: number, value: Buffer): void => void parts.push(encodeAttribute(type, value));
  const { transport, family, lifetime, channelNumber, peer, username, realm, nonce } = attributes;
  if (transport !== undefined) add(ATTRIBUTE.transport, Buffer.from([transport, 0, 0, 0]));
  if (family !== undefined) add(ATTRIBUTE.family, Buffer.from([family === 4 ? 1 : 2, 0, 0, 0]));
  if (lifetime !== undefined) add(ATTRIBUTE.lifetime, number32(lifetime));
  if (channelNumber !== undefined) add(ATTRIBUTE.channelNumber, number32(channelNumber * 0x1_0000));
  if (peer !== undefined) add(ATTRIBUTE.peer, encodeAddress(peer, transaction));
  if (username !== undefined) add(ATTRIBUTE.username, Buffer.from(username));
  if (realm !== undefined) add(ATTRIBUTE.realm, Buffer.from(realm));
  if (nonce !== undefined) add(ATTRIBUTE.nonce, Buffer.from(nonce));
  return parts;
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function encodeAttribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** The mask of XOR addresses (RFC 8489, 14.2). */
const maskOf = (transaction: Buffer): Buffer => Buffer.concat([number32(COOKIE), transaction]);

function encodeAddress({ host, port }: Address, transaction: Buffer): Buffer {
  const address = addressBytes(host);
  const mask = maskOf(transaction);
  const masked = address.map((byte, index) => byte ^ (mask[index] ?? 0));
  const head = Buffer.from([0, address.length === 4 ? 1 : 2, 0, 0]);
  head.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  return Buffer.concat([head, masked]);
}

function decodeAddress(value: Buffer, transaction: Buffer): Address {
  const mask = maskOf(transaction);
  const bytes = value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0));
  const port = value.readUInt16BE(2) ^ (COOKIE >>> 16);
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return { host: bytes.length === 4 ? [...bytes].join('.') : groups.join(':'), port };
}

const groups = (text: string | undefined): string[] =>
  text === undefined || text === '' ? [] : text.split(':');

/** 4 or 16 bytes of an address as people write it, an IPv4 one inside an IPv6 one included. */
function addressBytes(host: string): Buffer {
  if (!isIPv6(host)) return Buffer.from(host.split('.').map(Number));
  const plain = host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head = '', tail] = plain.split('::');
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** How long the message is that these bytes begin with; null while that cannot be said. */
export const messageLength = (bytes: Buffer): number | null =>
  bytes.length < HEADER_BYTES ? null : HEADER_BYTES + bytes.readUInt16BE(2);

export function decodeMessage(bytes: Buffer): Message {
  const transaction = bytes.subarray(8, HEADER_BYTES);
  const found = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    found.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const text = (id: number): string | null => found.get(id)?.toString() ?? null;
  const address = (id: number): Address | null => {
    const value = found.get(id);
    return value === undefined ? null : decodeAddress(value, transaction);
  };
  const error = found.get(ATTRIBUTE.errorCode);
  return {
    transaction: transaction.toString('hex'),
    code: error === undefined ? null : (error[2] ?? 0) * 100 + (error[3] ?? 0),
    realm: text(ATTRIBUTE.realm),
    nonce: text(ATTRIBUTE.nonce),
    relayed: address(ATTRIBUTE.relayed),
    mapped: address(ATTRIBUTE.mapped),
  };
}
