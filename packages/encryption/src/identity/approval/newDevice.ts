import type { Bytes } from '../../bytes.ts';
import { CERTIFICATE_BYTES, checkCertificate } from '../certificates.ts';
import { readFields } from '../fields.ts';
import { IDENTITY_SECRET_BYTES, identityKeyOf, importIdentitySecret } from '../keys.ts';
import { type ApprovalMessage, type NewDeviceFacts, readMessage, writeMessage } from './messages.ts';
import {
  approvalCodeOf,
  commitmentOf,
  createExchangeKey,
  createNonce,
  type Exchanged,
  keyOfCode,
  keyOfScan,
  ONLY_NONCE,
} from './secrets.ts';

/** What the old device gave. */
export interface Grant {
  /** The user's identity, 64 bytes: this device can approve others with it. */
  readonly secret: Bytes;
  /** The identity key's certificate of this device. */
  readonly certificate: Bytes;
}

interface Asked {
  readonly userId: string;
  readonly facts: NewDeviceFacts;
  readonly exchangePrivate: CryptoKey;
  readonly nonce: Bytes;
  readonly scanNonce: Bytes;
}

/*
 *  asking ──offer──▶ comparing ──grant──▶ granted ──confirmed──▶ done
 *     └──────────grant to who scanned──────────────────────────▶ done
 *  Everything that does not fit leads to `failed`, and a new attempt has a new code.
 */
export type NewDeviceState =
  /** The code to be scanned is shown, and the commitment is sent. */
  | ({ readonly type: 'asking' } & Asked)
  /** The digits are shown, to be typed on the old device. */
  | ({ readonly type: 'comparing'; readonly code: string; readonly exchanged: Exchanged } & Asked)
  /** The old device is said to have taken the digits. Only the person can see whether it has: they have to say so. */
  | { readonly type: 'granted'; readonly grant: Grant }
  | { readonly type: 'done'; readonly grant: Grant }
  | { readonly type: 'failed'; readonly reason: 'malformed' | 'unexpected' | 'bad_grant' };

export type NewDeviceEvent =
  | { readonly type: 'message'; readonly message: Uint8Array }
  /** The person has seen that the old device took the digits. */
  | { readonly type: 'confirmed' };

export interface NewDeviceStep {
  readonly state: NewDeviceState;
  /** To be handed to the old device; null: nothing. */
  readonly message: Bytes | null;
}

/**
 * A device that wants to be confirmed. The old device may scan what it shows, or both go by digits; in the second case this
 * device binds itself (`message`) before it knows the other's share of the digits, so that nobody between can choose what makes
 * them alike: one attempt in 10⁸ goes unnoticed.
 */
export async function askForApproval(me: {
  readonly userId: string;
  readonly deviceId: string;
  readonly deviceKey: Bytes;
}): Promise<NewDeviceStep & { readonly qr: Bytes; readonly message: Bytes }> {
  const { userId, deviceId, deviceKey } = me;
  const { privateKey, publicKey } = await createExchangeKey();
  const facts: NewDeviceFacts = { deviceId, deviceKey, exchangeKey: publicKey };
  // Two nonces: that of the digits is said to the server, that of the scan never.
  const [nonce, scanNonce] = [createNonce(), createNonce()];
  return {
    state: { type: 'asking', userId, facts, exchangePrivate: privateKey, nonce, scanNonce },
    message: writeMessage({ type: 'commitment', commitment: await commitmentOf(userId, facts, nonce) }),
    qr: writeMessage({ type: 'scan', ...facts, nonce: scanNonce }),
  };
}

export async function stepNewDevice(state: NewDeviceState, event: NewDeviceEvent): Promise<NewDeviceStep> {
  switch (state.type) {
    case 'asking':
    case 'comparing': {
      if (event.type === 'confirmed') return { state, message: null };
      const message = readMessage(event.message);
      if (message === null) return fail('malformed');
      if (message.type === 'grant') return takeGrant(state, message);
      // A second offer would be a second chance to find digits alike, with a nonce that is known by then.
      return message.type === 'offer' && state.type === 'asking'
        ? reveal(state, message)
        : fail('unexpected');
    }
    case 'granted':
      return event.type === 'confirmed'
        ? { state: { type: 'done', grant: state.grant }, message: null }
        : { state, message: null };
    case 'done':
    case 'failed':
      return { state, message: null };
  }
}

async function reveal(
  state: Extract<NewDeviceState, { type: 'asking' }>,
  { exchangeKey, nonce }: Extract<ApprovalMessage, { type: 'offer' }>,
): Promise<NewDeviceStep> {
  const { userId, facts, nonce: newNonce } = state;
  const exchanged = { userId, newDevice: facts, newNonce, exchangeKey, nonce };
  return {
    state: { ...state, type: 'comparing', exchanged, code: await approvalCodeOf(exchanged) },
    message: writeMessage({ type: 'reveal', ...facts, nonce: newNonce }),
  };
}

async function takeGrant(
  state: Extract<NewDeviceState, { type: 'asking' | 'comparing' }>,
  { exchangeKey, sealed }: Extract<ApprovalMessage, { type: 'grant' }>,
): Promise<NewDeviceStep> {
  const { userId, facts, exchangePrivate, scanNonce } = state;
  const scanned = { userId, newDevice: facts, newNonce: scanNonce, exchangeKey };
  const byScan = await openGrant(
    await keyOfScan(exchangePrivate, exchangeKey, scanned, 'decrypt'),
    sealed,
    state,
  );
  if (byScan !== null) return { state: { type: 'done', grant: byScan }, message: null };
  if (state.type === 'asking') return fail('bad_grant');
  const { exchanged } = state;
  const key = await keyOfCode(exchangePrivate, exchanged.exchangeKey, exchanged, 'decrypt');
  const grant = await openGrant(key, sealed, state);
  return grant === null ? fail('bad_grant') : { state: { type: 'granted', grant }, message: null };
}

/** What was granted, if it is this user's identity to itself consistent, with a certificate of this device by it. */
async function openGrant(
  key: CryptoKey | null,
  sealed: Bytes,
  { userId, facts }: Asked,
): Promise<Grant | null> {
  if (key === null) return null;
  try {
    const opened = new Uint8Array(await crypto.subtle.decrypt(ONLY_NONCE, key, sealed));
    const [secret, certificate] =
      readFields(opened, [
        [IDENTITY_SECRET_BYTES, IDENTITY_SECRET_BYTES],
        [CERTIFICATE_BYTES, CERTIFICATE_BYTES],
      ]) ?? [];
    if (secret === undefined || certificate === undefined) return null;
    if ((await importIdentitySecret(secret)) === null) return null;
    const madeAt = await checkCertificate(certificate, identityKeyOf(secret), { userId, ...facts });
    return madeAt === null ? null : { secret, certificate };
  } catch {
    return null;
  }
}

const fail = (reason: Extract<NewDeviceState, { type: 'failed' }>['reason']): NewDeviceStep => ({
  state: { type: 'failed', reason },
  message: null,
});
