import { type Bytes, concatBytes } from '../bytes.ts';
import { labelled, utf8 } from './fields.ts';
import { IDENTITY_SECRET_BYTES, importIdentitySecret } from './keys.ts';

const VERSION = 1;
const CODE_BYTES = 20;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_BYTES = 1 + NONCE_BYTES + IDENTITY_SECRET_BYTES + TAG_BYTES;
/** Without letters that look like digits or each other (I, L, O, U). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const IN_ALPHABET = /^[0-9A-HJKMNP-TV-Z]+$/;
const BITS_OF_LETTER = 5;
const CODE_LETTERS = (CODE_BYTES * 8) / BITS_OF_LETTER;
const CHECK_LETTERS = 4;
const LETTERS_OF_GROUP = 4;

/** `mistyped`: of the right form, and some letter of it is wrong. */
export type ReadCode =
  | { readonly type: 'code'; readonly code: Bytes }
  | { readonly type: 'malformed' | 'mistyped' };

/** 160 random bits: whoever has them and what they wrap is the user. */
export const createRecoveryCode = (): Bytes => crypto.getRandomValues(new Uint8Array(CODE_BYTES));

/**
 * A code as people write it down: 9 groups of 4 letters, the last a check of the others (20 bits of SHA-256).
 *
 * @throws RangeError for a code that is not 20 bytes
 */
export async function showRecoveryCode(code: Bytes): Promise<readonly string[]> {
  if (code.length !== CODE_BYTES) throw new RangeError('no such code');
  const letters = toLetters(code, CODE_LETTERS) + (await checkLetters(code));
  return Array.from({ length: letters.length / LETTERS_OF_GROUP }, (_, group) =>
    letters.slice(group * LETTERS_OF_GROUP, (group + 1) * LETTERS_OF_GROUP),
  );
}

/** What somebody typed, in small or capital letters, grouped as they like, with O for 0 and I or L for 1. */
export async function readRecoveryCode(text: string): Promise<ReadCode> {
  const letters = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const isCode = letters.length === CODE_LETTERS + CHECK_LETTERS;
  if (!isCode || !IN_ALPHABET.test(letters)) return { type: 'malformed' };
  const code = fromLetters(letters.slice(0, CODE_LETTERS));
  if (letters.slice(CODE_LETTERS) !== (await checkLetters(code))) return { type: 'mistyped' };
  return { type: 'code', code };
}

/**
 * An identity secret under a recovery code: `version (1) ‖ nonce (12) ‖ AES-256-GCM (64 + 16)`. The key is `HKDF-SHA-256(code; salt:
 * nonce; info: labelled fields version, user id)`, the additional data its info. Safe with who does not have the code.
 */
export async function wrapIdentity(code: Bytes, userId: string, secret: Bytes): Promise<Bytes> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const { key, info } = await recoveryKey(code, nonce, userId, 'encrypt');
  const how = { name: 'AES-GCM', iv: nonce, additionalData: info };
  const sealed = await crypto.subtle.encrypt(how, key, secret);
  return concatBytes(Uint8Array.of(VERSION), nonce, new Uint8Array(sealed));
}

/** The identity secret; null where it is not of this code and user, was changed, or is none. */
export async function unwrapIdentity(
  code: Bytes,
  userId: string,
  wrapped: Uint8Array,
): Promise<Bytes | null> {
  if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== VERSION) return null;
  const nonce = new Uint8Array(wrapped.subarray(1, 1 + NONCE_BYTES));
  const { key, info } = await recoveryKey(code, nonce, userId, 'decrypt');
  const how = { name: 'AES-GCM', iv: nonce, additionalData: info };
  try {
    const sealed = new Uint8Array(wrapped.subarray(1 + NONCE_BYTES));
    const secret = new Uint8Array(await crypto.subtle.decrypt(how, key, sealed));
    return (await importIdentitySecret(secret)) === null ? null : secret;
  } catch {
    return null;
  }
}

async function recoveryKey(code: Bytes, salt: Bytes, userId: string, use: 'encrypt' | 'decrypt') {
  const info = labelled('recovery', Uint8Array.of(VERSION), utf8(userId));
  const from = await crypto.subtle.importKey('raw', code, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info };
  const key = await crypto.subtle.deriveKey(how, from, { name: 'AES-GCM', length: 256 }, false, [use]);
  return { key, info };
}

async function checkLetters(code: Bytes): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', labelled('recovery check', code));
  return toLetters(new Uint8Array(hash), CHECK_LETTERS);
}

/** The first letters of the bytes, most significant bits first. */
function toLetters(bytes: Bytes, letters: number): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: letters }, (_, index) => {
    const at = index * BITS_OF_LETTER;
    return ALPHABET[Number.parseInt(bits.slice(at, at + BITS_OF_LETTER), 2)] ?? '';
  }).join('');
}

function fromLetters(letters: string): Bytes {
  const bits = Array.from(letters, (letter) =>
    ALPHABET.indexOf(letter).toString(2).padStart(BITS_OF_LETTER, '0'),
  ).join('');
  return Uint8Array.from({ length: bits.length / 8 }, (_, index) =>
    Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2),
  );
}
