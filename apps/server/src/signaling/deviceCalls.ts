import type { Call, CallDevice, CallEvent, GroupCall } from '@visavis/call';
import type { Eventually, Presence } from '../ports.ts';

type Listed = Pick<Call | GroupCall, 'callId' | 'participants'>;
type Word = Extract<CallEvent, { type: 'device_online' | 'device_silent' }>;

/** What the calls of a device know of whether it is there. */
export interface DeviceCalls {
  /** RING2: it is there. @returns the calls in which it is, or which ring for its user, before that */
  online(device: CallDevice): Promise<readonly Listed[]>;
  /** CALL2: it is not heard of since then, in ms since 1970, unless it is there again. */
  silent(device: CallDevice, lastSeenAt: number): Promise<void>;
  /** It was said to be there, by a node that may have been late with that. */
  check(device: CallDevice, lastSeenAt: number): Promise<void>;
}

interface Lives {
  listFor(userId: string, deviceId: string): Promise<readonly Listed[]>;
  change(callId: string, word: Word): Eventually<unknown>;
}

/**
 * Two nodes may tell the calls of a device, one that it is there and one that it is not, and the later word may be about what came
 * first. So whoever has told them looks again at what is, and tells that, until it is what was told last.
 */
export function createDeviceCalls(
  presence: Pick<Presence, 'listDevices'>,
  { live, groups }: { readonly live: Lives; readonly groups: Lives },
): DeviceCalls {
  const change = async ({ userId, deviceId }: CallDevice, word: Word): Promise<readonly Listed[]> => {
    const calls = await live.listFor(userId, deviceId);
    await Promise.all(calls.map(async ({ callId }) => live.change(callId, word)));
    const groupCalls = await groups.listFor(userId, deviceId);
    await Promise.all(groupCalls.map(async ({ callId }) => groups.change(callId, word)));
    return [...calls, ...groupCalls];
  };
  const online: DeviceCalls['online'] = async (device) => change(device, { type: 'device_online', device });
  const isThere = async ({ userId, deviceId }: CallDevice): Promise<boolean> =>
    (await presence.listDevices(userId)).some((each) => each.deviceId === deviceId && each.isConnected);
  const settle = async (device: CallDevice, lastSeenAt: number, told: boolean): Promise<void> => {
    const is = await isThere(device);
    if (is === told) return;
    if (is) await online(device);
    else await change(device, { type: 'device_silent', deviceId: device.deviceId, lastSeenAt });
    await settle(device, lastSeenAt, is);
  };
  return {
    online,
    silent: async (device, lastSeenAt) => {
      const { deviceId } = device;
      const calls = await change(device, { type: 'device_silent', deviceId, lastSeenAt });
      if (calls.length > 0) await settle(device, lastSeenAt, false);
    },
    check: async (device, lastSeenAt) => settle(device, lastSeenAt, true),
  };
}
