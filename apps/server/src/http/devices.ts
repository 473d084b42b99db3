import { DeviceChange, Devices, Id, type Device } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { SignedInDevice } from '../ports.ts';
import type { HttpContext } from './context.ts';
import { HttpProblem } from './problem.ts';
import { deviceRoute, Nothing, type Route } from './route.ts';
import { clearDeviceCookie } from './cookies.ts';

const DeviceParams = z.strictObject({ deviceId: Id });

export function deviceRoutes({ ports, people, signOut }: HttpContext): Route[] {
  const { accounts, presence, clock } = ports;

  const toDevice = (listed: SignedInDevice, current: SignedInDevice, online: boolean): Device => ({
    deviceId: listed.deviceId,
    name: listed.name,
    kind: listed.kind,
    current: listed.deviceId === current.deviceId,
    online,
    createdAt: listed.createdAt,
    lastSeenAt: online ? clock.now() : listed.lastSeenAt,
  });

  return [
    deviceRoute(
      {
        method: 'GET',
        path: '/api/devices',
        tag: 'Devices',
        summary: 'The devices that are signed in as this user',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: Devices,
      },
      async ({ device }) => {
        const online = new Set((await presence.listDevices(device.userId)).map(({ deviceId }) => deviceId));
        const listed = await accounts.listDevices(device.userId);
        return { devices: listed.map((each) => toDevice(each, device, online.has(each.deviceId))) };
      },
    ),
    deviceRoute(
      {
        method: 'PATCH',
        path: '/api/devices/{deviceId}',
        tag: 'Devices',
        summary: 'Gives a device another name',
        params: DeviceParams,
        query: Nothing,
        body: DeviceChange,
        response: null,
      },
      async ({ device, params, body }) => {
        if (!(await accounts.renameDevice(device.userId, params.deviceId, body.name))) {
          throw new HttpProblem('NOT_FOUND');
        }
        await presence.rename(device.userId, params.deviceId, body.name);
        ports.bus.publish(params.deviceId, { kind: 'renamed', name: body.name });
        await people.profileChanged(device.userId);
      },
    ),
    deviceRoute(
      {
        method: 'DELETE',
        path: '/api/devices/{deviceId}',
        tag: 'Devices',
        summary: 'Signs a device out, wherever it is',
        params: DeviceParams,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, params, reply }) => {
        if (!(await signOut(device.userId, params.deviceId))) throw new HttpProblem('NOT_FOUND');
        if (params.deviceId === device.deviceId) clearDeviceCookie(reply, params.deviceId);
      },
    ),
    deviceRoute(
      {
        method: 'POST',
        path: '/api/sign-out',
        forGuests: true,
        tag: 'Signing in',
        summary: 'Signs this device out and forgets it',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, reply }) => {
        await signOut(device.userId, device.deviceId);
        clearDeviceCookie(reply, device.deviceId);
      },
    ),
  ];
}
