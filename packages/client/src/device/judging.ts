import type { IdentifiedDevice } from '@visavis/encryption/identity';
import type { DeviceStanding, HeldDevice, HoldReason } from './seal.ts';

/**
 * How long a device that is no longer in the call may still have its keys, in ms. The server gives up a group that nobody commits in
 * for 3 s (KEY5); after one more somebody withholds its removal. Shorter: calls wait where a commit took long; longer: who has left
 * can be played to for longer.
 */
export const GONE_MS = 4_000;

/** What is known of a member of the call's keys. */
export interface MemberFacts {
  /** Who its credential proves it to be; null: it does not hold. */
  readonly proven: IdentifiedDevice | null;
  readonly standing: DeviceStanding;
  /** Whether this person has compared the number of the user whose device it says that it is. */
  readonly isOfVerified: boolean;
  /** The person has said so, of this key. */
  readonly isAllowed: boolean;
  /** Whether it is in the call; `leaving`: it was until less than {@link GONE_MS} ago; `another`: as somebody else's than it says. */
  readonly presence: 'in' | 'leaving' | 'out' | 'another';
  /** The device key that signed the connection, in a call between two; null where there is none yet, and in all others. */
  readonly connectionKey: Uint8Array | null;
}

/**
 * Why nothing may be sent to a member or played of it; null: nothing keeps it. A device that is not confirmed is held only where its
 * user was verified: a server can always say so of a device of its own, and who has compared wants to know; to all others it would be
 * shown for every new device of an honest person, until nobody reads it any more.
 */
export function findHold(facts: MemberFacts): HoldReason | null {
  const { proven, standing, isOfVerified, isAllowed, presence, connectionKey } = facts;
  // Else a device could be shown as somebody's who was verified, and say that it is of somebody whom nobody knows.
  if (proven === null || presence === 'another') return 'invalid';
  if (presence === 'out') return 'not_in_call';
  if (connectionKey !== null && !isSame(connectionKey, proven.deviceKey)) return 'connection';
  if (isAllowed) return null;
  if (standing === 'changed') return 'changed';
  return standing === 'unknown' && isOfVerified ? 'unconfirmed' : null;
}

/** Whether the person may go on all the same: where a key may have changed for an honest reason. */
export const mayBeAllowed = ({ why }: Pick<HeldDevice, 'why'>): boolean =>
  why === 'changed' || why === 'unconfirmed';

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

/** A device in the call, and whose it is as the server says. */
export interface PresentDevice {
  readonly userId: string;
  readonly deviceId: string;
}

/** Who is in the call, and who was until a moment ago. */
export interface Presence {
  set(devices: readonly PresentDevice[], now: number): void;
  /** `userId`: whose it says that it is. */
  of(device: PresentDevice, now: number): MemberFacts['presence'];
  /** When a device that has left is to be gone; null: none has. */
  nextDeadline(now: number): number | null;
}

export function createPresence(): Presence {
  let present: ReadonlyMap<string, string> = new Map();
  const leftAt = new Map<string, number>();
  return {
    set(devices, now) {
      const next = new Map(devices.map(({ userId, deviceId }) => [deviceId, userId]));
      for (const deviceId of present.keys()) if (!next.has(deviceId)) leftAt.set(deviceId, now);
      for (const deviceId of next.keys()) leftAt.delete(deviceId);
      present = next;
    },
    of({ userId, deviceId }, now) {
      const owner = present.get(deviceId);
      if (owner !== undefined) return owner === userId ? 'in' : 'another';
      const at = leftAt.get(deviceId);
      return at !== undefined && now - at < GONE_MS ? 'leaving' : 'out';
    },
    nextDeadline(now) {
      const times = [...leftAt.values()].map((at) => at + GONE_MS).filter((at) => at > now);
      return times.length === 0 ? null : Math.min(...times);
    },
  };
}
