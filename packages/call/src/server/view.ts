import type { CallSnapshot, JoinedParticipant, Reach, RingProgress } from '@visavis/protocol';
import { findParticipant, findRemote, isRung, type RungPart } from './participants.ts';
import type { Call, Participant } from './types.ts';

/**
 * A live call as one device of it may see it. While it rings, the callee learns nothing of the caller's devices, and the
 * caller of the callee's only name, kind and how far ringing got.
 *
 * @returns null when the call is over or this device has no live part in it
 */
export function viewCall(call: Call, deviceId: string): CallSnapshot | null {
  if (call.state !== 'ringing' && call.state !== 'connected') return null;
  const own = findParticipant(call, deviceId);
  if (own === undefined) return null;
  const joined = own.part.state === 'joined';
  if (!joined && !(call.state === 'ringing' && isRung(own.part))) return null;
  const isCaller = own.role === 'caller';
  const remote = call.state === 'connected' ? findRemote(call, deviceId) : undefined;
  return {
    callId: call.callId,
    callType: call.callType,
    state: call.state,
    direction: isCaller ? 'outgoing' : 'incoming',
    peer: isCaller ? call.callee : call.caller,
    createdAt: call.createdAt,
    ringDeadlineAt: call.state === 'ringing' ? call.ringDeadlineAt : call.ringLimitAt,
    connectedAt: call.state === 'connected' ? call.connectedAt : null,
    progress: isCaller && call.state === 'ringing' ? describeProgress(call) : [],
    silent: !isCaller && call.silent,
    joined,
    mediaState: own.part.state === 'joined' ? own.part.mediaState : null,
    remote: remote === undefined ? null : describeJoined(remote),
  };
}

/** How far ringing got, a line for each device of the callee (RING3). */
export function describeProgress(call: Call): RingProgress[] {
  return call.participants.flatMap(({ device, part }): RingProgress[] =>
    isRung(part) ? [{ name: device.name, kind: device.kind, reach: reachOf(part) }] : [],
  );
}

function reachOf(part: RungPart): Reach {
  if (!part.online) return 'unreachable';
  if (part.state === 'invited') return 'reached';
  return part.silent ? 'silent' : 'ringing';
}

/** @returns null for a participant that is not joined. */
export function describeJoined(participant: Pick<Participant, 'device' | 'part'>): JoinedParticipant | null {
  if (participant.part.state !== 'joined') return null;
  const { userId, deviceId, name } = participant.device;
  return { userId, deviceId, deviceName: name, mediaState: participant.part.mediaState };
}
