import {
  DeviceKeyInput,
  Id,
  IdentityKeyInput,
  Recovery,
  RecoveryInput,
  RecoveryState,
  UserKeys,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import type { HttpContext } from './context.ts';
import { HttpProblem } from './problem.ts';
import { deviceRoute, Nothing, type Route } from './route.ts';

/** Wrapped identities handed out in a minute to one address: a person who mistypes needs a few. */
const RECOVERIES_PER_MINUTE = 10;
const UserParams = z.strictObject({ userId: Id });

export function identityRoutes({ ports, people }: HttpContext): Route[] {
  const { identities, clock } = ports;

  return [
    deviceRoute(
      {
        method: 'PUT',
        path: '/api/me/identity-key',
        tag: 'Identity',
        summary:
          'Sets this user’s identity key; instead of another one it removes the certificates of all devices and tells contacts',
        params: Nothing,
        query: Nothing,
        body: IdentityKeyInput,
        response: null,
      },
      async ({ device, body }) => {
        const { userId } = device;
        switch (await identities.setIdentity({ userId, ...body, now: clock.now() })) {
          case 'same':
            return;
          case 'no_user':
            throw new HttpProblem('NOT_FOUND');
          case 'other':
            throw new HttpProblem('WRONG_STATE', 'another identity key stands');
          case 'set':
          case 'replaced':
            await people.identityChanged(userId);
        }
      },
    ),
    deviceRoute(
      {
        method: 'PUT',
        path: '/api/me/device-key',
        forGuests: true,
        tag: 'Identity',
        summary:
          'Publishes the key of this device, with the certificate of the user’s identity key where there is one',
        params: Nothing,
        query: Nothing,
        body: DeviceKeyInput,
        response: null,
      },
      async ({ device, body }) => {
        const { userId, deviceId } = device;
        if (!(await identities.putDeviceKey({ userId, deviceId, ...body, now: clock.now() })))
          throw new HttpProblem('WRONG_STATE', 'the certificate is of another identity key than stands');
        await people.profileChanged(userId);
      },
    ),
    deviceRoute(
      {
        method: 'GET',
        path: '/api/users/{userId}/keys',
        forGuests: true,
        tag: 'Identity',
        summary:
          'The identity key of a user, and the keys and certificates of their devices: one’s own, a contact’s, or those of somebody in the same call',
        params: UserParams,
        query: Nothing,
        body: Nothing,
        response: UserKeys,
      },
      async ({ device, params }) => {
        const maySee = await identities.maySee(device.userId, params.userId);
        const keys = maySee ? await identities.find(params.userId) : null;
        if (keys === null) throw new HttpProblem('NOT_FOUND');
        return keys;
      },
    ),
    deviceRoute(
      {
        method: 'GET',
        path: '/api/me/recovery',
        tag: 'Identity',
        summary: 'Whether a recovery code was made for the identity key that stands',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: RecoveryState,
      },
      async ({ device }) => ({ madeAt: (await identities.findRecovery(device.userId))?.madeAt ?? null }),
    ),
    deviceRoute(
      {
        method: 'PUT',
        path: '/api/me/recovery',
        tag: 'Identity',
        summary: 'Keeps this user’s identity as a recovery code has encrypted it, instead of a former one',
        params: Nothing,
        query: Nothing,
        body: RecoveryInput,
        response: null,
      },
      async ({ device, body }) => {
        const { userId } = device;
        if (!(await identities.putRecovery({ userId, ...body, now: clock.now() })))
          throw new HttpProblem('WRONG_STATE', 'another identity key stands');
        await people.profileChanged(userId);
      },
    ),
    deviceRoute(
      {
        method: 'POST',
        path: '/api/me/recovery/open',
        tag: 'Identity',
        summary: 'The encrypted identity, for a device whose person has the recovery code',
        perMinute: RECOVERIES_PER_MINUTE,
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: Recovery,
      },
      async ({ device }) => {
        const found = await identities.findRecovery(device.userId);
        if (found === null) throw new HttpProblem('NOT_FOUND');
        return { wrapped: found.wrapped };
      },
    ),
  ];
}
