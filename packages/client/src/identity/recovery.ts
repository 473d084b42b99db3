import {
  createRecoveryCode,
  readRecoveryCode,
  showRecoveryCode,
  unwrapIdentity,
  wrapIdentity,
} from '@visavis/encryption/identity';
import { readBase64, toBase64 } from '../base64.ts';
import type { Api } from '../http/api.ts';
import type { Identity } from './identity.ts';

export type RecoveryApi = Pick<Api, 'saveRecovery' | 'openRecovery'>;
type OwnIdentity = Pick<Identity, 'device' | 'unsafeReadSecret' | 'adopt'>;

/** Why a recovery code did not help. `none`: nothing is kept for it. `wrong`: it is a code, and not the one of what is kept. */
export type RecoveryFailure =
  | 'malformed'
  | 'mistyped'
  | 'none'
  | 'wrong'
  | 'too_many'
  | 'unreachable'
  | 'not_adopted';

/** What is being typed, looked at before it is whole. `letters`: how many of {@link CODE_LETTERS} there are. */
export interface TypedCode {
  readonly letters: number;
  /** `unknown_letter`: one that no code has. `mistyped`: it is whole, and some letter of it is wrong. */
  readonly problem: 'unknown_letter' | 'too_long' | 'mistyped' | null;
}

/** 9 groups of 4. */
export const CODE_LETTERS = 36;

/**
 * Makes a recovery code for the identity of this device and leaves the identity, encrypted under it, at the server (IDN5) instead of
 * a former one.
 *
 * @returns the code in groups of letters, to be shown once; null where this device is not confirmed or the server did not take it
 */
export async function makeRecovery(
  identity: OwnIdentity,
  api: RecoveryApi,
): Promise<readonly string[] | null> {
  const { userId, confirmation } = identity.device;
  const secret = confirmation === null ? null : await identity.unsafeReadSecret();
  if (secret === null || confirmation === null) return null;
  const code = createRecoveryCode();
  const wrapped = toBase64(await wrapIdentity(code, userId, secret));
  secret.fill(0);
  const saved = await api.saveRecovery({ identityKey: toBase64(confirmation.identityKey), wrapped });
  const groups = await showRecoveryCode(code);
  code.fill(0);
  return saved.ok ? groups : null;
}

/** Confirms this device by a recovery code. A code that is wrong changes nothing. */
export async function takeRecovery(
  identity: OwnIdentity,
  api: RecoveryApi,
  text: string,
): Promise<RecoveryFailure | 'done'> {
  const read = await readRecoveryCode(text);
  if (read.type !== 'code') return read.type;
  const kept = await api.openRecovery();
  if (!kept.ok) {
    if (kept.code === 'NOT_FOUND') return 'none';
    return kept.code === 'RATE_LIMITED' ? 'too_many' : 'unreachable';
  }
  const wrapped = readBase64(kept.value.wrapped);
  const secret = wrapped === null ? null : await unwrapIdentity(read.code, identity.device.userId, wrapped);
  read.code.fill(0);
  if (secret === null) return 'wrong';
  const isAdopted = await identity.adopt(secret);
  secret.fill(0);
  return isAdopted ? 'done' : 'not_adopted';
}

/** Says early what is wrong with what somebody types. */
export async function judgeTyped(text: string): Promise<TypedCode> {
  const typed = text.replaceAll(/[\s-]/g, '');
  const letters = typed.length;
  if (/[^0-9a-tv-z]/i.test(typed)) return { letters, problem: 'unknown_letter' };
  if (letters > CODE_LETTERS) return { letters, problem: 'too_long' };
  const isWrong = letters === CODE_LETTERS && (await readRecoveryCode(typed)).type !== 'code';
  return { letters, problem: isWrong ? 'mistyped' : null };
}
