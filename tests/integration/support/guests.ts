import { Me } from '@visavis/protocol';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import { TestDevice } from './device.ts';
import type { TestServer } from './server.ts';

/** Comes by a link, gives a name, and registers (GRP6). */
export async function comeAsGuest(server: TestServer, token: string, name: string): Promise<TestDevice> {
  const { body, headers } = await server.http(null, 'POST', `/api/links/${token}/guest`, {
    name,
    deviceKind: 'browser',
  });
  const me = z.parse(Me, body);
  expect(me).toMatchObject({ guest: true, user: { name, avatarUrl: null } });
  const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
  const secret = cookie.slice(cookie.indexOf('=') + 1);
  const tokenHash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret)));
  const device = await server.ports.accounts.authenticate(me.device.deviceId, tokenHash);
  if (device === null) throw new Error('the cookie is no good');
  const guest = new TestDevice(server.app, device, cookie);
  await guest.register();
  return guest;
}

/** What a guest says to come in. */
export const enter = (token: string) => ({ payload: { token, media: 'video' } });
