import { type Bytes, equalBytes } from '../../bytes.ts';
import { certifyDevice } from '../certificates.ts';
import { utf8, writeFields } from '../fields.ts';
import { importIdentitySecret } from '../keys.ts';
import { type ApprovalMessage, type NewDeviceFacts, readMessage, writeMessage } from './messages.ts';
import {
  approvalCodeOf,
  commitmentOf,
  createExchangeKey,
  createNonce,
  type ExchangeKey,
  type Exchanged,
  keyOfCode,
  keyOfScan,
  ONLY_NONCE,
} from './secrets.ts';

interface Approver {
  readonly userId: string;
  /** The user's identity, 64 bytes. */
  readonly secret: Bytes;
}

/*
 *  waiting ──commitment──▶ offered ──reveal──▶ comparing ──right digits──▶ done
 *     └───────────────────────scanned────────────────────────────────────▶ done
 *  Everything that does not fit, wrong digits among it, leads to `failed`.
 */
export type OldDeviceState =
  | ({ readonly type: 'waiting' } & Approver)
  | ({
      readonly type: 'offered';
      readonly commitment: Bytes;
      readonly exchangeKey: ExchangeKey;
      readonly nonce: Bytes;
    } & Approver)
  /** The person types what the new device shows. It is not told here what that has to be: it has to be read there. */
  | ({
      readonly type: 'comparing';
      readonly exchanged: Exchanged;
      readonly exchangePrivate: CryptoKey;
    } & Approver)
  | { readonly type: 'done'; readonly device: NewDeviceFacts }
  | {
      readonly type: 'failed';
      readonly reason: 'malformed' | 'unexpected' | 'broken_commitment' | 'wrong_code' | 'bad_key';
    };

/** `now`: ms since 1970, written into the certificate. */
export type OldDeviceEvent =
  | { readonly type: 'message'; readonly message: Uint8Array }
  | { readonly type: 'scanned'; readonly qr: Uint8Array; readonly now: number }
  | { readonly type: 'typed'; readonly code: string; readonly now: number };

export interface OldDeviceStep {
  readonly state: OldDeviceState;
  /** To be handed to the new device; null: nothing. */
  readonly message: Bytes | null;
}

/** A device that has the user's identity and is about to confirm another one of the same user. */
export const offerApproval = (approver: Approver): OldDeviceState => ({ type: 'waiting', ...approver });

export async function stepOldDevice(state: OldDeviceState, event: OldDeviceEvent): Promise<OldDeviceStep> {
  if (state.type === 'done' || state.type === 'failed') return { state, message: null };
  switch (event.type) {
    case 'typed': {
      if (state.type !== 'comparing') return { state, message: null };
      const typed = utf8(event.code.replaceAll(/\s/g, ''));
      if (!equalBytes(typed, utf8(await approvalCodeOf(state.exchanged)))) return fail('wrong_code');
      const { exchanged, exchangePrivate } = state;
      const { newDevice, exchangeKey } = exchanged;
      const key = await keyOfCode(exchangePrivate, newDevice.exchangeKey, exchanged, 'encrypt');
      return grant(state, newDevice, exchangeKey, key, event.now);
    }
    case 'scanned': {
      if (state.type !== 'waiting') return { state, message: null };
      const scan = readMessage(event.qr);
      if (scan?.type !== 'scan') return fail('malformed');
      const { privateKey, publicKey } = await createExchangeKey();
      const { type: _type, nonce: newNonce, ...newDevice } = scan;
      const scanned = { userId: state.userId, newDevice, newNonce, exchangeKey: publicKey };
      const key = await keyOfScan(privateKey, newDevice.exchangeKey, scanned, 'encrypt');
      return grant(state, newDevice, publicKey, key, event.now);
    }
    case 'message': {
      const message = readMessage(event.message);
      if (message === null) return fail('malformed');
      if (message.type === 'commitment' && state.type === 'waiting') return offer(state, message.commitment);
      if (message.type === 'reveal' && state.type === 'offered') return compare(state, message);
      return fail('unexpected');
    }
  }
}

async function offer({ userId, secret }: Approver, commitment: Bytes): Promise<OldDeviceStep> {
  const [exchangeKey, nonce] = [await createExchangeKey(), createNonce()];
  return {
    state: { type: 'offered', userId, secret, commitment, exchangeKey, nonce },
    message: writeMessage({ type: 'offer', exchangeKey: exchangeKey.publicKey, nonce }),
  };
}

async function compare(
  { userId, secret, commitment, exchangeKey, nonce }: Extract<OldDeviceState, { type: 'offered' }>,
  { type: _type, nonce: newNonce, ...newDevice }: Extract<ApprovalMessage, { type: 'reveal' }>,
): Promise<OldDeviceStep> {
  if (!equalBytes(await commitmentOf(userId, newDevice, newNonce), commitment)) {
    return fail('broken_commitment');
  }
  const exchanged = { userId, newDevice, newNonce, exchangeKey: exchangeKey.publicKey, nonce };
  const exchangePrivate = exchangeKey.privateKey;
  return { state: { type: 'comparing', userId, secret, exchanged, exchangePrivate }, message: null };
}

async function grant(
  { userId, secret }: Approver,
  device: NewDeviceFacts,
  exchangeKey: Bytes,
  key: CryptoKey | null,
  now: number,
): Promise<OldDeviceStep> {
  const identity = await importIdentitySecret(secret);
  if (identity === null || key === null) return fail('bad_key');
  const certificate = await certifyDevice(identity, { userId, ...device }, now);
  const opened = writeFields(secret, certificate);
  const sealed = new Uint8Array(await crypto.subtle.encrypt(ONLY_NONCE, key, opened));
  opened.fill(0);
  return { state: { type: 'done', device }, message: writeMessage({ type: 'grant', exchangeKey, sealed }) };
}

const fail = (reason: Extract<OldDeviceState, { type: 'failed' }>['reason']): OldDeviceStep => ({
  state: { type: 'failed', reason },
  message: null,
});
