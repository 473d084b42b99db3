import { type Bytes, concatBytes } from '../../bytes.ts';
import { type FieldRange, ID_RANGE, readFields, readUtf8, utf8, writeFields } from '../fields.ts';
import { PUBLIC_KEY_BYTES } from '../keys.ts';

const VERSION = 1;
export const NONCE_BYTES = 32;
const HASH: FieldRange = [32, 32];
const KEY: FieldRange = [PUBLIC_KEY_BYTES, PUBLIC_KEY_BYTES];
const NONCE: FieldRange = [NONCE_BYTES, NONCE_BYTES];
/** Two fields and a tag have 157. */
const SEALED: FieldRange = [16, 512];

/** The new device, as it says of itself. */
export interface NewDeviceFacts {
  readonly deviceId: string;
  /** Ed25519, 32 bytes. */
  readonly deviceKey: Bytes;
  /** X25519, 32 bytes, for this approval only. */
  readonly exchangeKey: Bytes;
}

/** What the two say to each other through the server; `scan` is what the old device sees on the new one's screen instead. */
export type ApprovalMessage =
  | { readonly type: 'commitment'; readonly commitment: Bytes }
  | { readonly type: 'offer'; readonly exchangeKey: Bytes; readonly nonce: Bytes }
  | ({ readonly type: 'reveal'; readonly nonce: Bytes } & NewDeviceFacts)
  | { readonly type: 'grant'; readonly exchangeKey: Bytes; readonly sealed: Bytes }
  | ({ readonly type: 'scan'; readonly nonce: Bytes } & NewDeviceFacts);

const TYPES = ['commitment', 'offer', 'reveal', 'grant', 'scan'] as const;

/** `version (1) ‖ type (1: commitment 0, offer 1, reveal 2, grant 3, scan 4)`, then the fields in the order of {@link ApprovalMessage}, facts first. */
export function writeMessage(message: ApprovalMessage): Bytes {
  const head = Uint8Array.of(VERSION, TYPES.indexOf(message.type));
  return concatBytes(head, writeFields(...fieldsOf(message)));
}

/** The message, or null where anything about it is wrong. */
export function readMessage(bytes: Uint8Array): ApprovalMessage | null {
  const type = TYPES[bytes[1] ?? TYPES.length];
  if (bytes[0] !== VERSION || type === undefined) return null;
  const rest = bytes.subarray(2);
  switch (type) {
    case 'commitment': {
      const [commitment] = readFields(rest, [HASH]) ?? [];
      return commitment === undefined ? null : { type, commitment };
    }
    case 'offer': {
      const [exchangeKey, nonce] = readFields(rest, [KEY, NONCE]) ?? [];
      return exchangeKey === undefined || nonce === undefined ? null : { type, exchangeKey, nonce };
    }
    case 'grant': {
      const [exchangeKey, sealed] = readFields(rest, [KEY, SEALED]) ?? [];
      return exchangeKey === undefined || sealed === undefined ? null : { type, exchangeKey, sealed };
    }
    case 'reveal':
    case 'scan': {
      const [id, deviceKey, exchangeKey, nonce] = readFields(rest, [ID_RANGE, KEY, KEY, NONCE]) ?? [];
      if (id === undefined || deviceKey === undefined) return null;
      if (exchangeKey === undefined || nonce === undefined) return null;
      const deviceId = readUtf8(id);
      return deviceId === null ? null : { type, deviceId, deviceKey, exchangeKey, nonce };
    }
  }
}

/** What kind of message it is; null where it is none. What is in it is not checked further. */
export const approvalMessageType = (bytes: Uint8Array): ApprovalMessage['type'] | null =>
  readMessage(bytes)?.type ?? null;

function fieldsOf(message: ApprovalMessage): readonly Uint8Array[] {
  switch (message.type) {
    case 'commitment':
      return [message.commitment];
    case 'offer':
      return [message.exchangeKey, message.nonce];
    case 'grant':
      return [message.exchangeKey, message.sealed];
    case 'reveal':
    case 'scan':
      return [...factFields(message), message.nonce];
  }
}

export const factFields = ({ deviceId, deviceKey, exchangeKey }: NewDeviceFacts): readonly Uint8Array[] => [
  utf8(deviceId),
  deviceKey,
  exchangeKey,
];
