import type { CallSnapshot, MediaState } from '@visavis/protocol';
import {
  findByCallId,
  isWaitingRoom,
  mayBeUnnamed,
  putCall,
  step,
  toCalling,
  toIncoming,
  toJoined,
  toWaiting,
} from './changes.ts';
import { grow, saidAnew } from './groupEvents.ts';
import { reportMedia } from './intents.ts';
import { placeIncoming } from './incoming.ts';
import type { ChosenMedia, ClientCall, DeviceCalls, DeviceEffect, DeviceStep, Incoming } from './types.ts';

/**
 * A live call as the server has it takes the place of what this device believed of it.
 *
 * @param chosen - what this device remembers of a waiting room, of which the server knows only that it waits
 */
export function takeOver(
  state: DeviceCalls,
  snapshot: CallSnapshot,
  now: number,
  chosen: ChosenMedia | null = null,
): DeviceStep {
  const closing = state.closing.find(({ callId }) => callId === snapshot.callId);
  if (closing !== undefined) return step(state, ...endRequests(closing.key, snapshot));
  const call = findByCallId(state, snapshot.callId) ?? findGrown(state, snapshot);
  if (isWaitingRoom(snapshot) && call?.phase !== 'joining') {
    const { mediaState } = call ?? rechosen(toIncoming(snapshot), chosen);
    return step(putCall(state, toWaiting(snapshot, call?.key ?? snapshot.callId, mediaState)));
  }
  if (!snapshot.joined)
    return call === undefined ? placeIncoming(state, snapshot) : refreshRinging(state, call, snapshot);
  // The answer to the dial is still on its way, and says whether this is the call that it made.
  if (call === undefined && mayBeUnnamed(state, snapshot))
    return step({ ...state, unplaced: [...state.unplaced, snapshot] });
  const key = call?.key ?? snapshot.callId;
  const mediaState = call?.mediaState ?? restored(snapshot);
  const polite = snapshot.direction === 'incoming';
  if (snapshot.state === 'ringing') {
    const calling = putCall(state, toCalling(snapshot, key, mediaState));
    if (snapshot.group !== undefined) return step(calling, { type: 'media_rejoin', key, polite });
    return call === undefined
      ? step(calling, { type: 'media_prepare', key, polite }, { type: 'media_offer', key })
      : step(calling);
  }
  if (call?.phase === 'joined') {
    if (call.callId !== snapshot.callId) return grow(state, call, snapshot, now);
    const next = putCall(state, {
      ...call,
      group: snapshot.group ?? null,
      remote: snapshot.remote,
      connectedAt: snapshot.connectedAt ?? call.connectedAt,
    });
    // Media that flows needs nobody; media that does not may wait for a signal that was lost.
    return call.flow === 'flowing' ? step(next) : step(next, { type: 'media_rejoin', key, polite });
  }
  const taken = toJoined(snapshot, key, mediaState, now);
  const joined = putCall(state, taken);
  const rejoin = { type: 'media_rejoin', key, polite } as const;
  // After a reload the server still believes what this device said about its media before.
  return call === undefined
    ? step(joined, rejoin, reportMedia(key, snapshot.callId, 'connecting'), ...saidAnew(taken, snapshot))
    : step(joined, rejoin);
}

/** What this device sent before a reload. Only its person can share a screen again. */
const restored = (snapshot: CallSnapshot): MediaState => ({
  ...(snapshot.mediaState ?? toIncoming(snapshot).mediaState),
  screen: false,
});

/** GRP6: as it was chosen, if it was for this call. */
function rechosen(call: Incoming, chosen: ChosenMedia | null): Incoming {
  if (chosen === null || chosen.callId !== call.callId) return call;
  const { muted, camera } = chosen;
  return { ...call, mediaState: { ...call.mediaState, muted, camera } };
}

/** CALL3: what this device still takes for a call between two. */
const findGrown = (state: DeviceCalls, { group }: CallSnapshot): ClientCall | undefined =>
  group?.grewFrom ? findByCallId(state, group.grewFrom) : undefined;

/** Still ringing here; the new session has to report that anew. */
function refreshRinging(state: DeviceCalls, call: ClientCall, snapshot: CallSnapshot): DeviceStep {
  if (call.phase !== 'incoming') return step(state);
  return placeIncoming(state, snapshot);
}

/** What ends a call that the server still has, by the state it is in. */
export function endRequests(key: string, snapshot: CallSnapshot): readonly DeviceEffect[] {
  const { callId } = snapshot;
  const isInGroup = snapshot.group !== undefined && (snapshot.joined || isWaitingRoom(snapshot));
  if (snapshot.group !== undefined && !isInGroup)
    return [{ type: 'request', key, request: { type: 'decline_call', callId, payload: {} } }];
  if (isInGroup || snapshot.state === 'connected') {
    return [{ type: 'request', key, request: { type: 'end_call', callId, payload: { reason: 'hangup' } } }];
  }
  return snapshot.direction === 'outgoing'
    ? [{ type: 'request', key, request: { type: 'cancel_call', callId, payload: {} } }]
    : [{ type: 'request', key, request: { type: 'decline_call', callId, payload: {} } }];
}
