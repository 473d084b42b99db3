import type { CallSnapshot, ErrorCode, MediaState, Signal } from '@visavis/protocol';
import {
  callIdOf,
  chain,
  dropCall,
  findByKey,
  isKnown,
  putCall,
  step,
  toCalling,
  toEnded,
  toJoined,
  toWaiting,
} from './changes.ts';
import { handleEvent } from './serverEvents.ts';
import { updateMedia } from './intents.ts';
import { endRequests, takeOver } from './takeOver.ts';
import type { ClientCall, DeviceCalls, DeviceEffect, DeviceStep } from './types.ts';

/** The server has named a call that was dialed, started or joined; it may have gone further than ringing already (busy, glare, a late answer). */
export function handleDialed(
  state: DeviceCalls,
  input: {
    readonly key: string;
    readonly callId: string;
    readonly call: CallSnapshot | null;
    readonly signals: readonly Signal[];
  },
  now: number,
): DeviceStep {
  const { key, callId, call: snapshot } = input;
  const call = findByKey(state, key);
  const { early } = state;
  const cleared = { ...state, early: [], unplaced: [] };
  const catchUp = [...placeOthers(state, callId, now), ...replay(early, now)];
  if (call?.phase !== 'dialing' && call?.phase !== 'joining') {
    return chain(cleared, (current) => finishClosing(current, key, callId, snapshot), ...catchUp);
  }
  // RING7: the other one's ring for this very call may be showing; it is this call.
  const twin = cleared.calls.find((other) => other.key !== key && callIdOf(other) === callId);
  const merged = {
    ...(twin === undefined ? cleared : dropCall(cleared, twin.key)),
    // Whoever declines that ring after dialing wants the call all the same, the other way round.
    closing: cleared.closing.filter((entry) => entry.callId !== callId),
  };
  const closeTwin: readonly DeviceEffect[] =
    twin === undefined ? [] : [{ type: 'media_close', key: twin.key }];
  // The answer to a dial may be a repeat of the first and older than the events that came before it.
  if (snapshot === null || isKnownOver(early, callId)) {
    // Over before it began; the event that says why has come or comes, and needs a call to find.
    const placed = putCall(merged, { ...call, phase: 'calling', callId, progress: [], ringDeadlineAt: now });
    const others = early.filter((event) => event.callId !== callId || event.type === 'call_ended');
    return chain(
      placed,
      (current) => step(current, ...closeTwin),
      ...placeOthers(state, callId, now),
      ...replay(others, now),
    );
  }
  return chain(
    merged,
    (current) => step(current, ...closeTwin),
    (current) => placeDialed(current, call, snapshot, input.signals, now),
    ...catchUp,
  );
}

/** Calls that were not the dialed one after all, as far as they go on. */
const placeOthers = ({ early, unplaced }: DeviceCalls, callId: string | null, now: number) =>
  unplaced
    .filter((snapshot) => snapshot.callId !== callId && !isKnownOver(early, snapshot.callId))
    .map((snapshot) => (state: DeviceCalls) => takeOver(state, snapshot, now));

const isKnownOver = (early: DeviceCalls['early'], callId: string): boolean =>
  early.some((event) => event.type === 'call_ended' && event.callId === callId);

/** CALL4: as the other device sends it; what was turned off here meanwhile stays off. */
function carriedOver(call: ClientCall, { mediaState: sent }: CallSnapshot): MediaState {
  const chosen = call.mediaState;
  if (call.phase !== 'joining' || !call.isMove || sent === null) return chosen;
  return { ...sent, muted: sent.muted || chosen.muted, camera: sent.camera && chosen.camera };
}

/** GRP6: whoever is not in it waits to be let in. */
function placeDialed(
  state: DeviceCalls,
  call: ClientCall,
  snapshot: CallSnapshot,
  signals: readonly Signal[],
  now: number,
): DeviceStep {
  const { key } = call;
  // Whoever dialed first chose the kind of call: in an audio call nobody's camera goes on by itself.
  const isAudio = snapshot.callType === 'audio' && call.callType === 'video';
  const wanted = carriedOver(call, snapshot);
  const mediaState = isAudio ? { ...wanted, camera: false } : wanted;
  if (!snapshot.joined && snapshot.group !== undefined)
    return step(putCall(state, toWaiting(snapshot, key, mediaState)));
  const changed = isKnown(snapshot, mediaState) ? [] : [updateMedia(key, snapshot.callId, mediaState)];
  if (snapshot.group !== undefined) {
    // GRP4: media are open while it still rings elsewhere.
    const entered =
      snapshot.state === 'ringing'
        ? toCalling(snapshot, key, mediaState)
        : toJoined(snapshot, key, mediaState, now);
    return step(putCall(state, entered), { type: 'media_accept', key, signals: [] }, ...changed);
  }
  if (snapshot.state === 'ringing') {
    const calling = toCalling(snapshot, key, mediaState);
    return step(putCall(state, calling), { type: 'media_offer', key }, ...changed);
  }
  const joined = putCall(state, toJoined(snapshot, key, mediaState, now));
  const effects: DeviceEffect[] =
    snapshot.direction === 'incoming'
      ? [
          { type: 'media_close', key },
          { type: 'media_prepare', key, polite: true },
          // Told a second time, by a session that does not have them any more, the caller's signals are lost.
          signals.some(({ type }) => type === 'offer')
            ? { type: 'media_accept', key, signals }
            : { type: 'media_rejoin', key, polite: true },
        ]
      : [
          { type: 'media_offer', key },
          { type: 'media_accept', key, signals: [] },
        ];
  return step(joined, ...effects, ...changed);
}

/** The person gave up while the server was still making the call: it has to be told which. */
function finishClosing(
  state: DeviceCalls,
  key: string,
  callId: string,
  snapshot: CallSnapshot | null,
): DeviceStep {
  const closing = state.closing.find((entry) => entry.key === key);
  if (closing === undefined) return step(state);
  if (snapshot === null)
    return step({ ...state, closing: state.closing.filter((entry) => entry !== closing) });
  const named = state.closing.map((entry) => (entry === closing ? { ...closing, callId } : entry));
  return step({ ...state, closing: named }, ...endRequests(key, snapshot));
}

export function handleDialRefused(state: DeviceCalls, key: string, code: ErrorCode, now: number): DeviceStep {
  const call = findByKey(state, key);
  const closing = state.closing.filter((entry) => entry.key !== key);
  const cleared = { ...state, early: [], unplaced: [], closing };
  const catchUp = [...placeOthers(state, null, now), ...replay(state.early, now)];
  if (call?.phase !== 'dialing' && call?.phase !== 'joining') return chain(cleared, ...catchUp);
  const ended = toEnded(call, { reason: 'failed_to_start', code }, now);
  return chain(cleared, (current) => step(putCall(current, ended), { type: 'media_close', key }), ...catchUp);
}

/** RING4: this device was first. */
export function handleAnswerAccepted(
  state: DeviceCalls,
  input: { readonly key: string; readonly call: CallSnapshot; readonly signals: readonly Signal[] },
  now: number,
): DeviceStep {
  const { key, call: snapshot } = input;
  const call = findByKey(state, key);
  if (call?.phase !== 'answering') {
    const closing = state.closing.some((entry) => entry.key === key);
    return closing ? step(state, ...endRequests(key, snapshot)) : step(state);
  }
  const { remote } = snapshot;
  const joined = {
    ...toJoined(snapshot, key, call.mediaState, now),
    remote: remote === null ? null : { ...remote, mediaState: call.remoteMedia ?? remote.mediaState },
  };
  const changed = isKnown(snapshot, call.mediaState)
    ? []
    : [updateMedia(key, snapshot.callId, call.mediaState)];
  return step(
    putCall(state, joined),
    { type: 'media_accept', key, signals: [...input.signals, ...call.waiting] },
    ...changed,
  );
}

/**
 * RING4: too late, or not this device's to take; the `call_ended` that says who was first may come before or after. Any
 * other refusal (too many requests, a fault of the server) leaves the call ringing, so that the person can try again.
 */
export function handleAnswerRefused(state: DeviceCalls, key: string, code: ErrorCode): DeviceStep {
  const call = findByKey(state, key);
  const isFinal = code === 'CALL_UNAVAILABLE' || code === 'FORBIDDEN' || code === 'WRONG_STATE';
  const entry = state.closing.find((other) => other.key === key);
  if (entry !== undefined && entry.callId !== null && !isFinal) {
    // Answered and hung up again, and the server could not do the first: it rings there still.
    const { callId } = entry;
    return step(state, { type: 'request', key, request: { type: 'decline_call', callId, payload: {} } });
  }
  const closing = state.closing.filter((other) => other !== entry);
  if (call?.phase !== 'answering') return step({ ...state, closing });
  if (isFinal) {
    return step(dropCall({ ...state, closing }, key), { type: 'media_close', key });
  }
  const { waiting: _waiting, remoteMedia: _remoteMedia, ...rest } = call;
  return step(
    putCall(state, { ...rest, phase: 'incoming', silent: false }),
    { type: 'media_close', key },
    { type: 'media_prepare', key, polite: true },
  );
}

const replay = (early: DeviceCalls['early'], now: number) =>
  early.map((event) => (state: DeviceCalls) => handleEvent(state, event, now));
