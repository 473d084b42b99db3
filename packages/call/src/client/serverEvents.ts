import type { CallSnapshot, ServerEvent, Signal } from '@visavis/protocol';
import { findByCallId, isUnnamedDial, keepEarly, putCall, step, toEnded, toIncoming } from './changes.ts';
import { DEADLINE_GRACE_MS } from './deadline.ts';
import type { ClientCall, DeviceCalls, DeviceStep } from './types.ts';

type EventOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;

/** What the server says happens, in this device's calls. An event about a call that is over here changes nothing. */
export function handleEvent(state: DeviceCalls, event: ServerEvent, now: number): DeviceStep {
  if (event.type === 'ring') return handleRing(state, event, now);
  const call = findByCallId(state, event.callId);
  if (call === undefined) return handleUnknown(state, event);
  // RING7: while this device dials whoever rings here, it may be one call: then what happens to it is for the dialed one.
  if (call.phase === 'incoming' && isUnnamedDial(state, call.peer.userId)) {
    const kept = keepEarly(state, event);
    return event.type === 'call_ended' ? handleEnded(kept, call, event) : step(kept);
  }
  switch (event.type) {
    case 'call_progress':
      if (call.phase !== 'calling') return step(state);
      return step(putCall(state, { ...call, ...event.payload }));
    case 'call_answered':
      return handleAnswered(state, call, event, now);
    case 'call_ended':
      return handleEnded(state, call, event);
    case 'media_changed':
      if (call.phase === 'answering')
        return step(putCall(state, { ...call, remoteMedia: event.payload.mediaState }));
      if (call.phase !== 'joined' || call.remote?.deviceId !== event.payload.deviceId) return step(state);
      return step(
        putCall(state, { ...call, remote: { ...call.remote, mediaState: event.payload.mediaState } }),
      );
    case 'offer':
      return handleSignal(state, call, { type: 'offer', payload: event.payload });
    case 'answer':
      return handleSignal(state, call, { type: 'answer', payload: event.payload });
    case 'ice_candidate':
      return handleSignal(state, call, { type: 'ice_candidate', payload: event.payload });
  }
}

function handleRing(state: DeviceCalls, event: EventOf<'ring'>, now: number): DeviceStep {
  const { call: snapshot } = event.payload;
  // RING5: after a long absence the end of this call comes right behind it; nothing sounds for that moment.
  if (snapshot.ringDeadlineAt + DEADLINE_GRACE_MS <= now) return step(state);
  if (findByCallId(state, event.callId) !== undefined || isClosing(state, event.callId)) return step(state);
  // RING7: somebody whom this device is just dialing rings: most likely one and the same call. The server will say.
  if (isUnnamedDial(state, snapshot.peer.userId)) return step(keepEarly(state, event));
  return placeIncoming(state, snapshot);
}

/** RING2, RING3: rings here, and says so. NEG3: what needs nothing from the caller is made ready meanwhile. */
export function placeIncoming(state: DeviceCalls, snapshot: CallSnapshot): DeviceStep {
  const incoming = toIncoming(snapshot);
  const isPrepared = findByCallId(state, snapshot.callId)?.phase === 'incoming';
  const { key, callId, silent } = incoming;
  return step(
    putCall(state, incoming),
    { type: 'request', key, request: { type: 'report_ringing', callId, payload: { silent } } },
    ...(isPrepared ? [] : [{ type: 'media_prepare', key, polite: true } as const]),
  );
}

/** An event for a call that this device is still dialing, or that it has closed and the server has not. */
function handleUnknown(state: DeviceCalls, event: ServerEvent): DeviceStep {
  const closing = state.closing.find(({ callId }) => callId === event.callId);
  if (closing === undefined) {
    const isDialing =
      state.calls.some((call) => call.phase === 'dialing') ||
      state.closing.some(({ callId }) => callId === null);
    return step(isDialing ? keepEarly(state, event) : state);
  }
  // RING7: declined here after dialing the same person, it may still be the dialed call.
  const kept = isUnnamedDial(state, closing.peerId) ? keepEarly(state, event) : state;
  switch (event.type) {
    case 'call_ended':
      return step({ ...kept, closing: kept.closing.filter((entry) => entry !== closing) });
    case 'call_answered':
      // Answered a moment before the cancel arrived: for the person here it is over all the same.
      return step(kept, {
        type: 'request',
        key: closing.key,
        request: { type: 'end_call', callId: event.callId, payload: { reason: 'hangup' } },
      });
    case 'ring':
    case 'call_progress':
    case 'media_changed':
    case 'offer':
    case 'answer':
    case 'ice_candidate':
      return step(kept);
  }
}

function handleAnswered(
  state: DeviceCalls,
  call: ClientCall,
  event: EventOf<'call_answered'>,
  now: number,
): DeviceStep {
  if (call.phase !== 'calling') return step(state);
  const { connectedAt, remote } = event.payload;
  const { progress: _progress, ringDeadlineAt: _deadline, ...rest } = call;
  return step(
    putCall(state, { ...rest, phase: 'joined', connectedAt, remote, flow: 'connecting', flowSinceAt: now }),
    { type: 'media_accept', key: call.key, signals: [] },
  );
}

function handleEnded(state: DeviceCalls, call: ClientCall, event: EventOf<'call_ended'>): DeviceStep {
  const { reason, endedAt, connectedAt, by } = event.payload;
  const durationMs = connectedAt === null ? null : Math.max(0, endedAt - connectedAt);
  return step(putCall(state, toEnded(call, { reason, by, durationMs }, endedAt)), {
    type: 'media_close',
    key: call.key,
  });
}

/** NEG3: only a joined call processes signals; one that this person has answered keeps them until the server confirms. */
function handleSignal(state: DeviceCalls, call: ClientCall, signal: Signal): DeviceStep {
  switch (call.phase) {
    case 'joined':
      return step(state, { type: 'media_signal', key: call.key, signal });
    case 'answering':
      return step(putCall(state, { ...call, waiting: [...call.waiting, signal] }));
    case 'dialing':
    case 'calling':
    case 'incoming':
    case 'ended':
      return step({ ...state, refusedSignals: state.refusedSignals + 1 });
  }
}

const isClosing = (state: DeviceCalls, callId: string): boolean =>
  state.closing.some((entry) => entry.callId === callId);
