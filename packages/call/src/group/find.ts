import { LIMITS } from '@visavis/protocol';
import type { GroupCall, GroupMember, GroupParticipant } from './types.ts';
import { isRung } from '../server/participants.ts';

/** @returns what became of this person, if they are of the call */
export const findMember = (call: GroupCall, userId: string): GroupMember | undefined =>
  call.people.find(({ user }) => user.userId === userId);

/** @returns this device's part, if it has one */
export const findDevice = (call: GroupCall, deviceId: string): GroupParticipant | undefined =>
  call.participants.find(({ device }) => device.deviceId === deviceId);

/** The devices of one person. */
export const devicesOf = (call: GroupCall, userId: string): readonly GroupParticipant[] =>
  call.participants.filter(({ device }) => device.userId === userId);

/** The devices that are in the call. */
export const joinedOf = (call: GroupCall): readonly GroupParticipant[] =>
  call.participants.filter(({ part }) => part.state === 'joined');

/** The devices that are in it, ring, or wait to be let in: everybody who sees the call. */
export const liveOf = (call: GroupCall): readonly GroupParticipant[] =>
  call.participants.filter(({ part }) => part.state === 'joined' || isRung(part));

/** Whether this person takes one of the 32 places. */
export const takesPlace = ({ status }: GroupMember): boolean => status === 'ringing' || status === 'joined';

/** GRP1: how many more people can ring or join. */
export const placesLeft = (call: GroupCall): number =>
  LIMITS.groupPeople - call.people.filter(takesPlace).length;

/** Whether this device can still answer: the person rings, and so does the device. */
export const ringsFor = (call: GroupCall, { device, part }: GroupParticipant): boolean =>
  isRung(part) && findMember(call, device.userId)?.status === 'ringing';
