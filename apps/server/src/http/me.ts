import { Me, SettingsChange, TurnCredentials, type Settings } from '@visavis/protocol';
import type { SignedInDevice } from '../ports.ts';
import type { HttpContext } from './context.ts';
import { HttpProblem } from './problem.ts';
import { deviceRoute, Nothing, type Route } from './route.ts';

export async function readMe({ ports }: HttpContext, device: SignedInDevice): Promise<Me> {
  const { userId, deviceId, name, kind } = device;
  const user = await ports.accounts.findUser(userId);
  if (user === null) throw new HttpProblem('UNAUTHENTICATED');
  return {
    user,
    device: { deviceId, name, kind },
    settings: await ports.accounts.readSettings(userId),
    missedUnseen: await ports.history.countMissedUnseen(userId),
    guest: device.isGuest,
  };
}

export function meRoutes(context: HttpContext): Route[] {
  const { ports, people } = context;
  return [
    deviceRoute(
      {
        method: 'GET',
        path: '/api/me',
        forGuests: true,
        tag: 'Me',
        summary: 'Who is signed in here, with settings and the number of unseen missed calls',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: Me,
      },
      async ({ device }) => readMe(context, device),
    ),
    deviceRoute(
      {
        method: 'PATCH',
        path: '/api/me/settings',
        tag: 'Me',
        summary: 'Changes settings, for all devices of this user',
        params: Nothing,
        query: Nothing,
        body: SettingsChange,
        response: null,
      },
      async ({ device, body }) => {
        const { callWaiting, doNotDisturb, strangers, hideAddress } = body;
        const change: Partial<Settings> = {
          ...(callWaiting === undefined ? {} : { callWaiting }),
          ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
          ...(strangers === undefined ? {} : { strangers }),
          ...(hideAddress === undefined ? {} : { hideAddress }),
        };
        await ports.accounts.changeSettings(device.userId, change);
        await people.profileChanged(device.userId);
      },
    ),
    deviceRoute(
      {
        method: 'GET',
        path: '/api/turn-credentials',
        forGuests: true,
        tag: 'Me',
        summary:
          'Time-limited credentials for this operator’s TURN server; an empty list where there is none',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: TurnCredentials,
      },
      async ({ device }) => ports.turn.issue(device.userId, ports.clock.now()),
    ),
  ];
}
