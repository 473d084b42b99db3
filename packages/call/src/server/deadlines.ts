import { TIMES } from '@visavis/protocol';
import { keysDeadline } from '../keys/index.ts';
import { findRemote, joinedParticipants } from './participants.ts';
import type { Call, Participant } from './types.ts';

/**
 * When something has to happen to this call by itself: the end of ringing (RING5), the removal of a device that is no
 * longer heard of (CALL2), or keys that are stuck (KEY5). Data, not a timer: any node can act on it.
 *
 * @returns wall time in ms, or null when the call can stay as it is
 */
export function nextDeadline(call: Call): number | null {
  const times = joinedParticipants(call).flatMap((participant) => {
    const at = goneAt(call, participant);
    return at === null ? [] : [at];
  });
  if (call.state !== 'ringing' && call.state !== 'connected') return null;
  if (call.state === 'ringing') times.push(call.ringDeadlineAt);
  const keysAt = keysDeadline(call.keys);
  if (keysAt !== null) times.push(keysAt);
  return times.length === 0 ? null : Math.min(...times);
}

/**
 * When a joined device that is silent counts as gone: after {@link TIMES.busyDeadMs}, or after {@link TIMES.mediaOnlyMs}
 * while the other side says that its media still flows (a lost WebSocket is no lost call).
 */
export function goneAt(call: Call, participant: Participant): number | null {
  const { part } = participant;
  if (part.state !== 'joined' || part.silentSinceAt === null) return null;
  const remote = findRemote(call, participant.device.deviceId);
  const heardByOther = remote?.part.state === 'joined' && remote.part.flow === 'flowing';
  return part.silentSinceAt + (heardByOther ? TIMES.mediaOnlyMs : TIMES.busyDeadMs);
}
