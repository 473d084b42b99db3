import { createHmac } from 'node:crypto';
import type { TurnIssuer } from '../../ports.ts';
import type { Secret } from '../../secret.ts';

/** How long credentials live. Longer: a stolen one relays longer; shorter: more requests before each ICE restart. */
export const TURN_LIFETIME_MS = 600_000;

export interface TurnServer {
  readonly urls: readonly string[];
  readonly secret: Secret;
}

/**
 * Time-limited credentials as coturn takes them with `use-auth-secret` (draft-uberti-behave-turn-rest): the user name is
 * the second at which they end and a name, the password its HMAC-SHA1 under the shared secret.
 */
export function createTurnIssuer(server: TurnServer | null): TurnIssuer {
  return {
    hasServer: server !== null,
    issue: (userId, now) => {
      if (server === null) return { iceServers: [], expiresAt: null };
      const endsAtSeconds = Math.floor((now + TURN_LIFETIME_MS) / 1000);
      const secret = server.secret.reveal();
      const username = `${String(endsAtSeconds)}:${nameFor(userId, secret)}`;
      const credential = createHmac('sha1', secret).update(username).digest('base64');
      return {
        iceServers: [{ urls: [...server.urls], username, credential }],
        expiresAt: endsAtSeconds * 1000,
      };
    },
  };
}

/** The same for all of a user's devices, so that coturn's quota by user counts; to whoever reads it on the way it names nobody. */
const nameFor = (userId: string, secret: string): string =>
  createHmac('sha256', secret).update(`user ${userId}`).digest('base64url').slice(0, 16);
