import type { CallType, MediaFlow, MediaState, UserSummary } from '@visavis/protocol';
import { initialMediaState } from '../server/participants.ts';
import { chain, dropCall, findByKey, isActive, putCall, step, toEnded } from './changes.ts';
import type { Calling, ClientCall, DeviceCalls, DeviceEffect, DeviceStep, Joined } from './types.ts';

/** RING1: the key makes one call of however many tries. Whatever goes on here is put on hold. */
export function dial(
  state: DeviceCalls,
  input: { readonly key: string; readonly peer: UserSummary; readonly callType: CallType },
  now: number,
): DeviceStep {
  const { key, peer, callType } = input;
  if (findByKey(state, key) !== undefined) return step(state);
  return chain(
    state,
    (current) => makeRoom(current, key, 'hold', now),
    (current) =>
      step(
        putCall(current, {
          key,
          peer,
          callType,
          direction: 'outgoing',
          mediaState: initialMediaState(callType),
          group: null,
          phase: 'dialing',
        }),
        { type: 'media_prepare', key, polite: false },
        {
          type: 'request',
          key,
          request: {
            type: 'initiate_call',
            payload: { idempotencyKey: key, calleeId: peer.userId, callType },
          },
        },
      ),
  );
}

/** RING4, RING6. Answering a call that goes on already, or is over, does nothing. */
export function answer(
  state: DeviceCalls,
  input: { readonly key: string; readonly media: CallType; readonly others: 'hold' | 'end' },
  now: number,
): DeviceStep {
  const call = findByKey(state, input.key);
  if (call?.phase !== 'incoming') return step(state);
  const media = call.callType === 'audio' ? 'audio' : input.media;
  const { silent: _silent, ...rest } = call;
  return chain(
    state,
    (current) => makeRoom(current, call.key, input.others, now),
    (current) =>
      step(
        putCall(current, {
          ...rest,
          mediaState: initialMediaState(media),
          phase: 'answering',
          waiting: [],
          remoteMedia: null,
        }),
        {
          type: 'request',
          key: call.key,
          request: { type: 'answer_call', callId: call.callId, payload: { media } },
        },
      ),
  );
}

/**
 * Cancel, decline or end, by what the call is doing. It is over at once for the person here; the server is told, and told
 * again if it turns out not to know (`closing`).
 */
export function hangUp(state: DeviceCalls, key: string, now: number): DeviceStep {
  const call = findByKey(state, key);
  if (call === undefined) return step(state);
  switch (call.phase) {
    case 'dialing':
      return close(state, call, null, toEnded(call, { reason: 'cancelled' }, now), []);
    case 'joining':
      // By a link, or else the answer to `join_call` decides between end and nothing.
      return close(state, call, call.callId, toEnded(call, { reason: 'cancelled' }, now), []);
    case 'waiting':
      return close(state, call, call.callId, toEnded(call, { reason: 'cancelled' }, now), [leave(call)]);
    case 'calling':
      // GRP9: whoever starts a group call is in it from the start.
      if (call.group !== null)
        return close(state, call, call.callId, toEnded(call, { reason: 'cancelled' }, now), [leave(call)]);
      return close(state, call, call.callId, toEnded(call, { reason: 'cancelled' }, now), [
        { type: 'request', key, request: { type: 'cancel_call', callId: call.callId, payload: {} } },
      ]);
    case 'incoming':
      return close(state, call, call.callId, null, [
        { type: 'request', key, request: { type: 'decline_call', callId: call.callId, payload: {} } },
      ]);
    case 'answering':
      // Whether this device has won is not known: the answer to `answer_call` decides between end and nothing.
      return close(state, call, call.callId, toEnded(call, { reason: 'hangup' }, now), []);
    case 'joined':
      return endJoined(state, call, 'hangup', now);
    case 'ended':
      return step(dropCall(state, key));
  }
}

/**
 * RING5: nobody has told this device in time that ringing is over. The server is told that it is over here: it may have
 * had an answer that did not get through.
 */
export function giveUpCalling(state: DeviceCalls, call: Calling, now: number): DeviceStep {
  return close(state, call, call.callId, toEnded(call, { reason: 'no_answer' }, now), [
    call.group === null
      ? { type: 'request', key: call.key, request: { type: 'cancel_call', callId: call.callId, payload: {} } }
      : leave(call),
  ]);
}

const leave = ({ key, callId }: { readonly key: string; readonly callId: string }): DeviceEffect => ({
  type: 'request',
  key,
  request: { type: 'end_call', callId, payload: { reason: 'hangup' } },
});

/** CALL2: ends a joined call from this side. */
export function endJoined(
  state: DeviceCalls,
  call: Joined,
  reason: 'hangup' | 'media_failed',
  now: number,
): DeviceStep {
  return close(state, call, call.callId, toEnded(call, { reason }, now), [
    {
      type: 'request',
      key: call.key,
      request: { type: 'end_call', callId: call.callId, payload: { reason } },
    },
  ]);
}

function close(
  state: DeviceCalls,
  call: ClientCall,
  callId: string | null,
  ended: ClientCall | null,
  requests: readonly DeviceEffect[],
): DeviceStep {
  const next = ended === null ? dropCall(state, call.key) : putCall(state, ended);
  const closing = [
    ...next.closing,
    { key: call.key, peerId: call.group === null ? call.peer.userId : null, callId },
  ].slice(-32);
  return step({ ...next, closing }, { type: 'media_close', key: call.key }, ...requests);
}

/** CALL6: changes what this device sends and says so. */
export function setMedia(state: DeviceCalls, key: string, change: Partial<MediaState>): DeviceStep {
  const call = findByKey(state, key);
  if (call === undefined || call.phase === 'ended') return step(state);
  const mediaState = { ...call.mediaState, ...change };
  const isUnmuted = call.phase === 'joined' && change.muted === false;
  const next = putCall(state, { ...call, mediaState, ...(isUnmuted ? { askedToUnmuteBy: null } : {}) });
  if (call.phase !== 'joined' && call.phase !== 'calling') return step(next);
  return step(next, updateMedia(call.key, call.callId, mediaState));
}

export const updateMedia = (key: string, callId: string, mediaState: MediaState): DeviceEffect => ({
  type: 'request',
  key,
  request: { type: 'update_media', callId, payload: mediaState },
});

/** CALL2: the server is told whether media flows, since that tells a lost socket from a lost device. */
export const reportMedia = (key: string, callId: string, flow: MediaFlow): DeviceEffect => ({
  type: 'request',
  key,
  request: { type: 'report_media', callId, payload: { flow } },
});

/** RING6: takes a held call up again and holds what goes on now. */
export function resume(state: DeviceCalls, key: string, now: number): DeviceStep {
  if (findByKey(state, key)?.phase !== 'joined') return step(state);
  return chain(
    state,
    (current) => makeRoom(current, key, 'hold', now),
    (current) => setMedia(current, key, { held: false }),
  );
}

/** One call at a time has camera, microphone and speaker: holds or ends the others. What cannot be held is ended. */
export function makeRoom(state: DeviceCalls, key: string, others: 'hold' | 'end', now: number): DeviceStep {
  const busy = state.calls.filter((call) => call.key !== key && isActive(call));
  return chain(
    state,
    ...busy.map(
      (call) => (current: DeviceCalls) =>
        others === 'hold' && call.phase === 'joined'
          ? setMedia(current, call.key, { held: true })
          : hangUp(current, call.key, now),
    ),
  );
}
