import type { Presence, PresentDevice } from '../../ports.ts';

/** Presence of a single node. */
export function createMemoryPresence(): Presence {
  const users = new Map<string, Map<string, PresentDevice>>();
  return {
    setOnline: async ({ userId, deviceId, name, kind }) => {
      const devices = users.get(userId) ?? new Map<string, PresentDevice>();
      const inCall = devices.get(deviceId)?.inCall ?? false;
      devices.set(deviceId, { userId, deviceId, name, kind, inCall });
      users.set(userId, devices);
    },
    setOffline: async (userId, deviceId) => {
      const devices = users.get(userId);
      devices?.delete(deviceId);
      if (devices?.size === 0) users.delete(userId);
    },
    setInCall: async (userId, deviceId, inCall) => {
      const device = users.get(userId)?.get(deviceId);
      if (device !== undefined) users.get(userId)?.set(deviceId, { ...device, inCall });
    },
    listDevices: async (userId) => [...(users.get(userId)?.values() ?? [])],
  };
}
