import type { EndReason } from '@visavis/protocol';
import { endedEvent, historyChanged } from './effects.ts';
import { isRung } from './participants.ts';
import type {
  CallEffect,
  CallStep,
  ConnectedCall,
  EndedCall,
  Participant,
  Participation,
  RingingCall,
} from './types.ts';

export interface Ending {
  readonly state: EndedCall['state'];
  readonly reason: EndReason;
  /** Whose act or loss ended it; null for a deadline. */
  readonly by: Participant | null;
}

/** The one way in which a call ends (CALL2): one recorded outcome, and everybody who still has a part is told once. */
export function endCall(call: RingingCall | ConnectedCall, ending: Ending, at: number): CallStep {
  // The clock of another node may be behind that of the one that wrote down the beginning.
  const now = Math.max(at, call.state === 'connected' ? call.connectedAt : call.createdAt);
  const { callId, callType, caller, callee, createdAt, ringLimitAt, silent, concealed } = call;
  const next: EndedCall = {
    callId,
    callType,
    caller,
    callee,
    createdAt,
    ringLimitAt,
    silent,
    concealed,
    state: ending.state,
    connectedAt: call.state === 'connected' ? call.connectedAt : null,
    endedAt: now,
    endReason: ending.reason,
    participants: call.participants.map((participant) => ({
      ...participant,
      part: endPart(participant, ending, now),
    })),
  };
  const told = call.participants.filter(({ part }) => part.state === 'joined' || isRung(part));
  const effects: CallEffect[] = told.map((participant) => endedFor(next, participant, ending));
  return { call: next, effects: [...effects, historyChanged(next)], refusal: null };
}

function endPart(participant: Participant, ending: Ending, now: number): Participation {
  const { part, device } = participant;
  const isActor = ending.by?.device.deviceId === device.deviceId;
  if (part.state === 'joined') {
    // A device that crashed left when it was last heard of, not when the server gave it up.
    return {
      state: 'left',
      joinedAt: part.joinedAt,
      // Where it has time to come back after a start, that is still ahead.
      leftAt: Math.max(part.joinedAt, Math.min(part.silentSinceAt ?? now, now)),
    };
  }
  if (!isRung(part)) return part;
  if (ending.state === 'declined') return { state: isActor ? 'declined' : 'elsewhere', leftAt: now };
  return { state: 'missed', leftAt: now };
}

function endedFor(call: EndedCall, participant: Participant, ending: Ending): CallEffect {
  const { deviceId } = participant.device;
  const isActor = ending.by?.device.deviceId === deviceId;
  const othersDeclined = ending.state === 'declined' && participant.role === 'callee' && !isActor;
  return othersDeclined
    ? endedEvent(call, deviceId, 'declined_elsewhere', ending.by?.device.name ?? null)
    : endedEvent(call, deviceId, ending.reason);
}
