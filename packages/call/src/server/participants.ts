import type { CallType, MediaState } from '@visavis/protocol';
import type { Call, CallDevice, Participant, Participation } from './types.ts';

/** What a device sends the moment it joins: sound, and the picture in a video call. */
export const initialMediaState = (media: CallType): MediaState => ({
  muted: false,
  camera: media === 'video',
  screen: false,
  hand: false,
  held: false,
});

/** A device of the callee that is rung. */
export const inviteDevice = (device: CallDevice, now: number): Participant => ({
  device,
  role: 'callee',
  invitedAt: now,
  part: { state: 'invited', online: true },
});

/** A participant's part after it joined. */
export const joinedPart = (media: CallType, now: number): Participation => ({
  state: 'joined',
  joinedAt: now,
  mediaState: initialMediaState(media),
  flow: 'connecting',
  silentSinceAt: null,
});

/** @returns the device's participant, whatever became of it. */
export const findParticipant = (call: Call, deviceId: string): Participant | undefined =>
  call.participants.find((participant) => participant.device.deviceId === deviceId);

/** @returns all participants, with `change` applied to that device's part. */
export const changePart = (
  participants: readonly Participant[],
  deviceId: string,
  change: (part: Participation) => Participation,
): readonly Participant[] =>
  participants.map((participant) =>
    participant.device.deviceId === deviceId
      ? { ...participant, part: change(participant.part) }
      : participant,
  );

/** The part of a device that can still answer or decline. */
export type RungPart = Extract<Participation, { online: boolean }>;

/** Whether the device can still answer or decline. */
export const isRung = (part: Participation): part is RungPart => {
  switch (part.state) {
    case 'invited':
    case 'ringing':
      return true;
    case 'joined':
    case 'left':
    case 'declined':
    case 'elsewhere':
    case 'missed':
    case 'busy':
      return false;
  }
};

/** The other joined device of a call between two, from one device's side. */
export function findRemote(call: Call, deviceId: string): Participant | undefined {
  return call.participants.find(
    (participant) => participant.device.deviceId !== deviceId && participant.part.state === 'joined',
  );
}

/** All devices that have joined and not left. */
export const joinedParticipants = (call: Call): readonly Participant[] =>
  call.participants.filter((participant) => participant.part.state === 'joined');
