import { createLinkParts } from '@visavis/client';
import { CallLink, Me } from '@visavis/protocol';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import { TestDevice } from './device.ts';
import type { TestServer } from './server.ts';

/** A link into a call of this device, of a token that it has derived from a secret. */
export async function makeLink(server: TestServer, device: TestDevice, callId: string) {
  const parts = await createLinkParts();
  const { token } = parts;
  const made = await server.http(device, 'POST', `/api/calls/${callId}/links`, { token });
  return { ...parts, ...z.parse(CallLink, made.body) };
}

/** Comes by a link, and registers (GRP6). Their name stands on no page of the server. */
export async function comeAsGuest(server: TestServer, token: string): Promise<TestDevice> {
  const { body, headers } = await server.http(null, 'POST', `/api/links/${token}/guest`, {
    deviceKind: 'browser',
  });
  const me = z.parse(Me, body);
  expect(me).toMatchObject({ guest: true, user: { name: 'Guest', avatarUrl: null } });
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
export const enter = (token: string, name?: string) => ({
  payload: { token, media: 'video', ...(name === undefined ? {} : { name }) },
});
