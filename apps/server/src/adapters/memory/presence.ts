import type { CallDevice } from '@visavis/call';
import type { Presence as PresenceState } from '@visavis/protocol';
import { LATEST_CLAIM_MS, type Bus, type Claim, type Presence } from '../../ports.ts';
import { describePresence, presenceNotice } from '../../shownPresence.ts';

interface Entry {
  device: CallDevice;
  /** The socket that has it, and when its device has opened that. */
  readonly connectionId: string;
  readonly openedAt: number | null;
  isConnected: boolean;
  /** Of any call that it is in. */
  calls: readonly string[];
}

/** Presence of a single node. In arrays, because a user has few devices and a set is ten times as large. */
export function createMemoryPresence(bus: Pick<Bus, 'publish'>): Presence {
  let claims = 0;
  const users = new Map<string, readonly Entry[]>();
  const shownOf = new Map<string, PresenceState>();
  const entriesOf = (userId: string): readonly Entry[] => users.get(userId) ?? [];
  const find = (userId: string, deviceId: string): Entry | undefined =>
    entriesOf(userId).find(({ device }) => device.deviceId === deviceId);
  const remove = (userId: string, deviceId: string): void => {
    const left = entriesOf(userId).filter(({ device }) => device.deviceId !== deviceId);
    if (left.length > 0) users.set(userId, left);
    else users.delete(userId);
  };
  const stateOf = (userId: string): PresenceState =>
    describePresence(entriesOf(userId).map(({ calls }) => ({ inCall: calls.length > 0 })));
  const readShown = (userId: string): PresenceState => shownOf.get(userId) ?? 'offline';
  const isShownWrong = (userId: string): boolean => readShown(userId) !== stateOf(userId);
  const tell = (viewerId: string, userId: string): void => {
    const text = presenceNotice(userId, readShown(userId));
    for (const { device } of entriesOf(viewerId)) bus.publish(device.deviceId, { kind: 'notice', text });
  };
  return {
    setOnline: async ({ userId, deviceId, name, kind }, claim, most = Infinity) => {
      const entries = entriesOf(userId);
      const known = find(userId, deviceId);
      if (entries.filter((each) => each !== known && each.isConnected).length >= most) return 'too many';
      if (known !== undefined && isGivenUp(claim, known)) return 'given up';
      const { connectionId, openedAt, resume, window } = claim;
      const entry: Entry = {
        device: { userId, deviceId, name, kind },
        connectionId,
        openedAt,
        isConnected: true,
        calls: known?.calls ?? NO_CALLS,
      };
      users.set(
        userId,
        known === undefined ? [...entries, entry] : entries.map((each) => (each === known ? entry : each)),
      );
      const order = (claims += 1);
      const replaced = { kind: 'replaced', byConnectionId: connectionId, order } as const;
      bus.publish(deviceId, { ...replaced, byResume: resume, byWindow: window });
      return { order, isShown: !isShownWrong(userId) };
    },
    setLost: async (userId, deviceId, connectionId) => {
      const entry = find(userId, deviceId);
      if (entry === undefined) return true;
      if (entry.connectionId !== connectionId) return false;
      entry.isConnected = false;
      return true;
    },
    setOffline: async (userId, deviceId, connectionId) => {
      if (find(userId, deviceId)?.connectionId === connectionId) remove(userId, deviceId);
    },
    forget: async (userId, deviceId) => {
      remove(userId, deviceId);
    },
    rename: async (userId, deviceId, name) => {
      const entry = find(userId, deviceId);
      if (entry !== undefined) entry.device = { ...entry.device, name };
    },
    setInCall: async (userId, deviceId, callId, joined) => {
      const entry = find(userId, deviceId);
      if (entry === undefined) return;
      const others = entry.calls.filter((each) => each !== callId);
      entry.calls = joined ? [...others, callId] : others;
    },
    listDeviceIds: async (userIds) =>
      userIds.flatMap((userId) => entriesOf(userId).map(({ device }) => device.deviceId)),
    listDevices: async (userId) =>
      entriesOf(userId).map(({ device, isConnected, calls }) => ({
        ...device,
        isConnected,
        inCall: calls.length > 0,
      })),
    readShown: async (userId) => readShown(userId),
    isShownWrong: async (userId) => isShownWrong(userId),
    show: async (userId, viewers) => {
      if (!isShownWrong(userId)) return false;
      const is = stateOf(userId);
      if (is === 'offline') shownOf.delete(userId);
      else shownOf.set(userId, is);
      for (const viewerId of viewers) tell(viewerId, userId);
      return true;
    },
    showTo: async (userId, viewerId) => {
      tell(viewerId, userId);
    },
  };
}

/** The device has opened the socket that has it later than this one. */
const isGivenUp = (claim: Claim, known: Entry): boolean => {
  if (claim.openedAt === null || known.openedAt === null) return false;
  const isBehindByMs = known.openedAt - claim.openedAt;
  return isBehindByMs > 0 && isBehindByMs < LATEST_CLAIM_MS;
};

const NO_CALLS: readonly string[] = [];
