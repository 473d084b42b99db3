import type { Call, CallDevice, GroupCall } from '@visavis/call';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { LiveGroups } from '../groups/liveGroups.ts';
import type { Presence } from '../ports.ts';

/** What the calls of a device know of whether it is there. */
export interface DeviceCalls {
  /** RING2: it is there. @returns the calls in which it is, or which ring for its user, before that */
  online(device: CallDevice): Promise<readonly (Call | GroupCall)[]>;
  /** CALL2: it is not heard of since then, in ms since 1970, unless it is there again. */
  silent(device: CallDevice, lastSeenAt: number): Promise<void>;
  /** It was said to be there, by a node that may have been late with that. */
  check(device: CallDevice, lastSeenAt: number): Promise<void>;
}

interface Lives {
  readonly live: LiveCalls;
  readonly groups: LiveGroups;
}

/**
 * Two nodes may tell the calls of a device, one that it is there and one that it is not, and the later word may be about what came
 * first. So whoever has told them looks again at what is, and tells that, until it is what was told last.
 */
export function createDeviceCalls(
  presence: Pick<Presence, 'listDevices'>,
  { live, groups }: Lives,
): DeviceCalls {
  const change = async (
    { userId, deviceId }: CallDevice,
    event: Parameters<LiveCalls['change']>[1] & Parameters<LiveGroups['change']>[1],
  ): Promise<readonly (Call | GroupCall)[]> => {
    const calls = await live.listFor(userId, deviceId);
    await Promise.all(calls.map(async ({ callId }) => live.change(callId, event)));
    const groupCalls = await groups.listFor(userId);
    await Promise.all(groupCalls.map(async ({ callId }) => groups.change(callId, event)));
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
