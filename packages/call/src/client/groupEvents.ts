import type { CallSnapshot, JoinedParticipant, MediaState, ServerEvent } from '@visavis/protocol';
import { baseOf, isKnown, putCall, step, toJoined } from './changes.ts';
import { reportMedia, setMedia, updateMedia } from './intents.ts';
import type { ClientCall, DeviceCalls, DeviceEffect, DeviceStep, Joined } from './types.ts';

type EventOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;

/** GRP2: the group call as the server has it. What this device sends is its own to say. */
export function handleGroupChanged(
  state: DeviceCalls,
  call: ClientCall,
  { payload: { call: snapshot } }: EventOf<'group_changed'>,
  now: number,
): DeviceStep {
  const group = snapshot.group ?? call.group;
  if (call.group === null || group === null) return step(state);
  switch (call.phase) {
    case 'calling': {
      const { progress } = snapshot;
      if (snapshot.state === 'ringing') return step(putCall(state, { ...call, group, progress }));
      // Its media have been open since it was started.
      return step(putCall(state, toJoined({ ...snapshot, group }, call.key, call.mediaState, now)));
    }
    case 'waiting': {
      if (!snapshot.joined) return step(putCall(state, { ...call, group }));
      const joined = toJoined({ ...snapshot, group }, call.key, call.mediaState, now);
      return step(
        putCall(state, joined),
        { type: 'media_accept', key: call.key, signals: [] },
        ...saidAnew(joined, snapshot),
      );
    }
    case 'joined': {
      const connectedAt = snapshot.connectedAt ?? call.connectedAt;
      return step(putCall(state, { ...call, group, connectedAt }));
    }
    case 'incoming':
    case 'answering':
    case 'joining':
      return step(putCall(state, { ...call, group }));
    case 'dialing':
    case 'ended':
      return step(state);
  }
}

/** What the server does not know yet of what this device sends. */
export const saidAnew = (call: Joined, snapshot: CallSnapshot): readonly DeviceEffect[] =>
  isKnown(snapshot, call.mediaState) ? [] : [updateMedia(call.key, call.callId, call.mediaState)];

/** CALL3: the same call, for the person here, under the group call's id; direct media go on until forwarded ones flow. */
export function grow(state: DeviceCalls, call: Joined, snapshot: CallSnapshot, now: number): DeviceStep {
  const { key, flow, flowSinceAt } = call;
  const grown: Joined = {
    ...toJoined(snapshot, key, call.mediaState, now),
    ...baseOf(call),
    group: snapshot.group ?? null,
    connectedAt: call.connectedAt,
    remote: call.remote,
    flow,
    flowSinceAt,
  };
  return step(
    putCall(state, grown),
    { type: 'media_grow', key },
    reportMedia(key, grown.callId, flow),
    ...saidAnew(grown, snapshot),
  );
}

/** GRP5. */
export function handleAsked(
  state: DeviceCalls,
  call: ClientCall,
  { payload: { ask, by } }: EventOf<'media_asked'>,
): DeviceStep {
  if (call.phase !== 'joined') return step(state);
  if (ask === 'mute') return call.mediaState.muted ? step(state) : setMedia(state, call.key, { muted: true });
  return call.mediaState.muted ? step(putCall(state, { ...call, askedToUnmuteBy: by })) : step(state);
}

/** CALL6, of one device of a group call. */
export function changeParticipant<Call extends ClientCall>(
  call: Call,
  deviceId: string,
  mediaState: MediaState,
): Call {
  if (call.group === null) return call;
  const change = (participant: JoinedParticipant): JoinedParticipant =>
    participant.deviceId === deviceId ? { ...participant, mediaState } : participant;
  return { ...call, group: { ...call.group, participants: call.group.participants.map(change) } };
}
