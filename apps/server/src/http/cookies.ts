import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** A cookie for each signed-in device of this browser, so that two windows can be two people. */
export const deviceCookie = (deviceId: string): string => `visavis_${deviceId}`;

/** As long as browsers keep a cookie at all (RFC 6265bis §5.5: 400 days). */
const LIFETIME_SECONDS = 400 * 24 * 60 * 60;
const OPTIONS = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

export function setDeviceCookie(
  reply: FastifyReply,
  deviceId: string,
  token: string,
  isSecure: boolean,
): void {
  void reply.setCookie(deviceCookie(deviceId), token, {
    ...OPTIONS,
    secure: isSecure,
    maxAge: LIFETIME_SECONDS,
  });
}

export function clearDeviceCookie(reply: FastifyReply, deviceId: string): void {
  void reply.clearCookie(deviceCookie(deviceId), OPTIONS);
}

/** What is stored of a token. It has 256 bits of chance, so that a plain hash is enough. */
export const hashToken = (token: string): Uint8Array => createHash('sha256').update(token).digest();
