import type { CallDevice } from '@visavis/call';
import type { UserSummary } from '@visavis/protocol';
import type { CorePorts, SignedInDevice } from '@visavis/server';
import type { Query } from '../database/calls.ts';
import { isLive } from '../database/tables.ts';

/** A person of the simulation and what their settings say. */
export interface Person {
  readonly summary: UserSummary;
  readonly callWaiting: boolean;
  readonly doNotDisturb: boolean;
  /** Users whose calls do not ring here (RING8). */
  readonly blocks: ReadonlySet<string>;
}

/** Everybody, each a contact of the others, and the devices that are signed in. */
export interface Population {
  readonly people: ReadonlyMap<string, Person>;
  readonly devices: Map<string, SignedInDevice>;
}

export const signIn = ({ devices }: Population, device: CallDevice, now: number): void => {
  devices.set(device.deviceId, { ...device, createdAt: now, lastSeenAt: now, isGuest: false });
};

/** The accounts as the core sees them. Each method is one statement. */
export function createSimulatedAccounts(
  { people, devices }: Population,
  query: Query,
): CorePorts['accounts'] {
  return {
    findRegistrant: async (userId, deviceId) =>
      query(() => {
        const user = people.get(userId)?.summary;
        const device = devices.get(deviceId);
        return user === undefined || device?.userId !== userId ? null : { user, deviceName: device.name };
      }),
    removeDevice: async (_userId, deviceId) => query(() => devices.delete(deviceId)),
    touchDevice: async (deviceId, lastSeenAt) =>
      query(() => {
        const device = devices.get(deviceId);
        if (device !== undefined && device.lastSeenAt < lastSeenAt)
          devices.set(deviceId, { ...device, lastSeenAt });
      }),
    listAudience: async (userId) => query(() => audienceOf(people, userId)),
    findRelation: async (callerId, calleeId) =>
      query((tables) => {
        const callee = people.get(calleeId);
        if (callee === undefined) return null;
        const inCall = tables
          .select(isLive)
          .some(({ call }) =>
            call.participants.some(
              ({ device, part }) => device.userId === calleeId && part.state === 'joined',
            ),
          );
        const { callWaiting, doNotDisturb } = callee;
        const admits = callee.blocks.has(callerId) ? 'nothing' : 'ring';
        return { callee: callee.summary, inCall, callWaiting, doNotDisturb, admits } as const;
      }),
  };
}

/** Who sees when this user is there: everybody who is not blocked. */
export const audienceOf = (people: Population['people'], userId: string): string[] =>
  [...people.keys()].filter((other) => other !== userId && people.get(userId)?.blocks.has(other) !== true);
