import { beforeEach, describe, expect, test } from 'vitest';
import { createIdentity, createMemoryKeyStore, type ApiResult, type Identity } from '../../src/index.ts';
import {
  CODE_LETTERS,
  judgeTyped,
  makeRecovery,
  takeRecovery,
  type RecoveryApi,
} from '../../src/identity/recovery.ts';
import { IdentityServer } from './identityServer.ts';

let server: IdentityServer;
let kept: string | null;
let api: RecoveryApi;
/** What the server says next instead of what is so. */
let refusal: Extract<ApiResult<never>, { ok: false }> | null;
beforeEach(() => {
  server = new IdentityServer();
  [kept, refusal] = [null, null];
  api = {
    saveRecovery: async ({ wrapped }) => {
      if (refusal !== null) return refusal;
      kept = wrapped;
      return { ok: true, value: null };
    },
    openRecovery: async () => {
      if (refusal !== null) return refusal;
      return kept === null ? { ok: false, code: 'NOT_FOUND' } : { ok: true, value: { wrapped: kept } };
    },
  };
});

const open = async (deviceId: string, userId = 'ana'): Promise<Identity> =>
  createIdentity({
    api: server.apiOf(userId, deviceId),
    store: createMemoryKeyStore(),
    device: { userId, deviceId, isGuest: false },
    now: () => 1,
  });
const make = async (identity: Identity): Promise<readonly string[]> => {
  const groups = await makeRecovery(identity, api);
  if (groups === null) throw new Error('no code was made');
  return groups;
};

describe('a recovery code', () => {
  test('confirms a device that is typed into as people type, and the server has not seen it', async () => {
    const groups = await make(await open('laptop'));
    expect(groups.join('')).toHaveLength(CODE_LETTERS);
    expect(kept).not.toBeNull();
    const phone = await open('phone');
    expect(phone.status).toBe('not_confirmed');
    const typed = groups.join(' - ').toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await takeRecovery(phone, api, typed)).toBe('done');
    expect(phone.status).toBe('confirmed');
  });

  test('that is made anew makes the former one worthless', async () => {
    const laptop = await open('laptop');
    const [first, second] = [await make(laptop), await make(laptop)];
    const phone = await open('phone');
    expect(await takeRecovery(phone, api, first.join(''))).toBe('wrong');
    expect(phone.status).toBe('not_confirmed');
    expect(await takeRecovery(phone, api, second.join(''))).toBe('done');
  });

  test('of an identity that was replaced is not taken, and of somebody else neither', async () => {
    const laptop = await open('laptop');
    const groups = await make(laptop);
    const phone = await open('phone');
    await laptop.replace();
    expect(await takeRecovery(phone, api, groups.join(''))).toBe('not_adopted');
    const ben = await open('tablet', 'ben');
    expect(await takeRecovery(ben, api, groups.join(''))).toBe('wrong');
  });

  test('is made by nobody who is not confirmed, and not where the server does not keep it', async () => {
    const laptop = await open('laptop');
    expect(await makeRecovery(await open('phone'), api)).toBeNull();
    refusal = { ok: false, code: 'NETWORK' };
    expect(await makeRecovery(laptop, api)).toBeNull();
  });

  test('that does not help says why', async () => {
    const groups = await make(await open('laptop'));
    const phone = await open('phone');
    const code = groups.join('');
    expect(await takeRecovery(phone, api, code.slice(1))).toBe('malformed');
    expect(await takeRecovery(phone, api, (code.startsWith('7') ? '8' : '7') + code.slice(1))).toBe(
      'mistyped',
    );
    refusal = { ok: false, code: 'RATE_LIMITED' };
    expect(await takeRecovery(phone, api, code)).toBe('too_many');
    refusal = { ok: false, code: 'NETWORK' };
    expect(await takeRecovery(phone, api, code)).toBe('unreachable');
    [refusal, kept] = [null, null];
    expect(await takeRecovery(phone, api, code)).toBe('none');
    kept = 'AAAA';
    expect(await takeRecovery(phone, api, code)).toBe('wrong');
  });

  test('is judged while it is typed', async () => {
    const code = (await make(await open('laptop'))).join('');
    expect(await judgeTyped('')).toEqual({ letters: 0, problem: null });
    expect(await judgeTyped('ab12 cd')).toEqual({ letters: 6, problem: null });
    expect(await judgeTyped('ab1u')).toEqual({ letters: 4, problem: 'unknown_letter' });
    expect(await judgeTyped('ä')).toEqual({ letters: 1, problem: 'unknown_letter' });
    expect(await judgeTyped(code)).toEqual({ letters: CODE_LETTERS, problem: null });
    expect(await judgeTyped((code.startsWith('7') ? '8' : '7') + code.slice(1))).toMatchObject({
      problem: 'mistyped',
    });
    expect(await judgeTyped(`${code}7`)).toMatchObject({ problem: 'too_long' });
  });
});
