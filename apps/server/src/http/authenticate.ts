import { DEVICE_HEADER, Id } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Accounts, SignedInDevice } from '../ports.ts';
import { deviceCookie, hashToken } from './cookies.ts';

/** Longer than a token of ours. */
const LONGEST_TOKEN = 64;

/** HTTP1: the device that is named and whose cookie came along, or null. */
export async function authenticate(
  accounts: Accounts,
  deviceId: unknown,
  cookies: Readonly<Record<string, string | undefined>>,
): Promise<SignedInDevice | null> {
  const id = z.safeParse(Id, deviceId);
  if (!id.success) return null;
  const token = cookies[deviceCookie(id.data)];
  if (token === undefined || token.length > LONGEST_TOKEN) return null;
  return accounts.authenticate(id.data, hashToken(token));
}

export const authenticateRequest = async (
  accounts: Accounts,
  request: {
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly cookies: Readonly<Record<string, string | undefined>>;
  },
): Promise<SignedInDevice | null> => authenticate(accounts, request.headers[DEVICE_HEADER], request.cookies);
