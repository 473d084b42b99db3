import type { CallSnapshot } from '@visavis/protocol';
import {
  callIdOf,
  chain,
  dropCall,
  findByCallId,
  putCall,
  step,
  toCalling,
  toEnded,
  toIncoming,
  toJoined,
} from './changes.ts';
import { reportMedia } from './intents.ts';
import { endRequests } from './results.ts';
import { placeIncoming } from './serverEvents.ts';
import type { ClientCall, DeviceCalls, DeviceStep } from './types.ts';

/**
 * The server's word after a new socket. A resumed session gets what it missed as events, in order; a new one gets every
 * live call as it is now, and whatever this device believed beyond that is over.
 */
export function handleRegistered(
  state: DeviceCalls,
  input: { readonly resumed: boolean; readonly calls: readonly CallSnapshot[] },
  now: number,
): DeviceStep {
  if (input.resumed) return step(state);
  const live = new Set(input.calls.map(({ callId }) => callId));
  const gone = state.calls.filter((call) => {
    const callId = callIdOf(call);
    return callId !== null && !live.has(callId);
  });
  const kept = {
    ...state,
    closing: state.closing.filter(({ callId }) => callId === null || live.has(callId)),
  };
  return chain(
    kept,
    ...gone.map((call) => (current: DeviceCalls) => endForgotten(current, call, now)),
    ...input.calls.map((snapshot) => (current: DeviceCalls) => takeOver(current, snapshot, now)),
  );
}

/** It ended while this device was away; the history says how. */
function endForgotten(state: DeviceCalls, call: ClientCall, now: number): DeviceStep {
  const close = { type: 'media_close', key: call.key } as const;
  switch (call.phase) {
    case 'incoming':
    case 'answering':
      return step(dropCall(state, call.key), close);
    case 'calling':
      return step(putCall(state, toEnded(call, { reason: 'no_answer' }, now)), close);
    case 'joined':
      return step(putCall(state, toEnded(call, { reason: 'connection_lost' }, now)), close);
    case 'dialing':
    case 'ended':
      return step(state);
  }
}

function takeOver(state: DeviceCalls, snapshot: CallSnapshot, now: number): DeviceStep {
  const closing = state.closing.find(({ callId }) => callId === snapshot.callId);
  if (closing !== undefined) return step(state, ...endRequests(closing.key, snapshot));
  const call = findByCallId(state, snapshot.callId);
  if (!snapshot.joined)
    return call === undefined ? placeIncoming(state, snapshot) : refreshRinging(state, call, snapshot);
  // The answer to the dial is still on its way, and says whether this is the call that it made.
  if (call === undefined && isUnnamedDial(state, snapshot.peer.userId)) return step(state);
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

const isUnnamedDial = (state: DeviceCalls, peerId: string): boolean =>
  state.calls.some((call) => call.phase === 'dialing' && call.peer.userId === peerId) ||
  state.closing.some((closing) => closing.callId === null && closing.peerId === peerId);

/** Still ringing here; the new session has to report that anew. */
function refreshRinging(state: DeviceCalls, call: ClientCall, snapshot: CallSnapshot): DeviceStep {
  if (call.phase !== 'incoming') return step(state);
  return placeIncoming(state, snapshot);
}
