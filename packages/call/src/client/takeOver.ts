import type { CallSnapshot } from '@visavis/protocol';
import { findByCallId, isUnnamedDial, putCall, step, toCalling, toIncoming, toJoined } from './changes.ts';
import { reportMedia } from './intents.ts';
import { placeIncoming } from './serverEvents.ts';
import type { ClientCall, DeviceCalls, DeviceEffect, DeviceStep } from './types.ts';

/** A live call as the server has it takes the place of what this device believed of it. */
export function takeOver(state: DeviceCalls, snapshot: CallSnapshot, now: number): DeviceStep {
  const closing = state.closing.find(({ callId }) => callId === snapshot.callId);
  if (closing !== undefined) return step(state, ...endRequests(closing.key, snapshot));
  const call = findByCallId(state, snapshot.callId);
  if (!snapshot.joined)
    return call === undefined ? placeIncoming(state, snapshot) : refreshRinging(state, call, snapshot);
  // The answer to the dial is still on its way, and says whether this is the call that it made.
  if (call === undefined && isUnnamedDial(state, snapshot.peer.userId))
    return step({ ...state, unplaced: [...state.unplaced, snapshot] });
  const key = call?.key ?? snapshot.callId;
  const mediaState = call?.mediaState ?? snapshot.mediaState ?? toIncoming(snapshot).mediaState;
  const polite = snapshot.direction === 'incoming';
  if (snapshot.state === 'ringing') {
    const calling = putCall(state, toCalling(snapshot, key, mediaState));
    return call === undefined
      ? step(calling, { type: 'media_prepare', key, polite }, { type: 'media_offer', key })
      : step(calling);
  }
  if (call?.phase === 'joined') {
    const next = putCall(state, {
      ...call,
      remote: snapshot.remote,
      connectedAt: snapshot.connectedAt ?? call.connectedAt,
    });
    // Media that flows needs nobody; media that does not may wait for a signal that was lost.
    return call.flow === 'flowing' ? step(next) : step(next, { type: 'media_rejoin', key, polite });
  }
  const joined = putCall(state, toJoined(snapshot, key, mediaState, now));
  const rejoin = { type: 'media_rejoin', key, polite } as const;
  // After a reload the server still believes what this device said about its media before.
  return call === undefined
    ? step(joined, rejoin, reportMedia(key, snapshot.callId, 'connecting'))
    : step(joined, rejoin);
}

/** Still ringing here; the new session has to report that anew. */
function refreshRinging(state: DeviceCalls, call: ClientCall, snapshot: CallSnapshot): DeviceStep {
  if (call.phase !== 'incoming') return step(state);
  return placeIncoming(state, snapshot);
}

/** What ends a call that the server still has, by the state it is in. */
export function endRequests(key: string, snapshot: CallSnapshot): readonly DeviceEffect[] {
  const { callId } = snapshot;
  if (snapshot.state === 'connected') {
    return [{ type: 'request', key, request: { type: 'end_call', callId, payload: { reason: 'hangup' } } }];
  }
  return snapshot.direction === 'outgoing'
    ? [{ type: 'request', key, request: { type: 'cancel_call', callId, payload: {} } }]
    : [{ type: 'request', key, request: { type: 'decline_call', callId, payload: {} } }];
}
