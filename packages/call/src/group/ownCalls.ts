import type { OwnCall } from '@visavis/protocol';
import type { Call, Participant } from '../server/index.ts';
import { joinedOf } from './find.ts';
import type { GroupCall, GroupParticipant } from './types.ts';

type Devices = OwnCall['devices'];

const devicesOf = (
  participants: readonly Pick<Participant | GroupParticipant, 'device' | 'part'>[],
  userId: string,
): Devices =>
  participants.flatMap(({ device, part }) => {
    if (part.state !== 'joined' || device.userId !== userId) return [];
    const { deviceId, name, kind } = device;
    return [{ deviceId, name, kind, mediaState: part.mediaState }];
  });

/**
 * CALL4: a call between two as this person may see it from a device that is not in it.
 *
 * @returns null when it is not connected, or no device of theirs is in it
 */
export function ownDirectCall(call: Call, userId: string): OwnCall | null {
  if (call.state !== 'connected') return null;
  const devices = devicesOf(call.participants, userId);
  if (devices.length === 0) return null;
  const peer = call.caller.userId === userId ? call.callee : call.caller;
  const { callId, callType, connectedAt } = call;
  return { callId, callType, peer, title: null, people: [peer], connectedAt, devices };
}

/** The same of a group call, which this person is in though nobody else may be yet. */
export function ownGroupCall(call: GroupCall, userId: string): OwnCall | null {
  if (call.state !== 'live') return null;
  const devices = devicesOf(joinedOf(call), userId);
  const others = call.people.filter(({ user }) => user.userId !== userId);
  const people = others.filter(({ status }) => status === 'joined').map(({ user }) => user);
  const peer = people[0] ?? others[0]?.user;
  if (devices.length === 0 || peer === undefined) return null;
  const { callId, callType, title, connectedAt } = call;
  return { callId, callType, peer, title, people, connectedAt, devices };
}
