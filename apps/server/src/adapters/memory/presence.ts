import type { CallDevice } from '@visavis/call';
import type { Presence as PresenceState } from '@visavis/protocol';
import type { Presence } from '../../ports.ts';

interface Entry {
  readonly device: CallDevice;
  readonly isConnected: boolean;
  readonly calls: Set<string>;
}

/** Presence of a single node. */
export function createMemoryPresence(): Presence {
  const users = new Map<string, Map<string, Entry>>();
  const shownOf = new Map<string, PresenceState>();
  const find = (userId: string, deviceId: string): Entry | undefined => users.get(userId)?.get(deviceId);
  const remove = async (userId: string, deviceId: string): Promise<void> => {
    const devices = users.get(userId);
    devices?.delete(deviceId);
    if (devices?.size === 0) users.delete(userId);
  };
  return {
    setOnline: async ({ userId, deviceId, name, kind }) => {
      const devices = users.get(userId) ?? new Map<string, Entry>();
      const calls = devices.get(deviceId)?.calls ?? new Set();
      devices.set(deviceId, { device: { userId, deviceId, name, kind }, isConnected: true, calls });
      users.set(userId, devices);
    },
    setLost: async (userId, deviceId) => {
      const entry = find(userId, deviceId);
      if (entry !== undefined) users.get(userId)?.set(deviceId, { ...entry, isConnected: false });
      return true;
    },
    setOffline: remove,
    forget: remove,
    setInCall: async (userId, deviceId, callId, joined) => {
      const entry = find(userId, deviceId);
      if (joined) entry?.calls.add(callId);
      else entry?.calls.delete(callId);
    },
    listDevices: async (userId) =>
      [...(users.get(userId)?.values() ?? [])].map(({ device, isConnected, calls }) => ({
        ...device,
        isConnected,
        inCall: calls.size > 0,
      })),
    swapShown: async (userId, shown) => {
      const before = shownOf.get(userId) ?? 'offline';
      if (shown === 'offline') shownOf.delete(userId);
      else shownOf.set(userId, shown);
      return before;
    },
  };
}
