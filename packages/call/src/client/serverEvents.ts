import type { ServerEvent, Signal } from '@visavis/protocol';
import { baseOf, findByCallId, isUnnamedDial, keepEarly, putCall, step, toEnded } from './changes.ts';
import { DEADLINE_GRACE_MS } from './deadline.ts';
import { changeParticipant, grow, handleAsked, handleGroupChanged } from './groupEvents.ts';
import { placeIncoming } from './incoming.ts';
import { endRequests, takeOver } from './takeOver.ts';
import type { ClientCall, DeviceCalls, DeviceStep } from './types.ts';

type EventOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;

/** What the server says happens, in this device's calls. An event about a call that is over here changes nothing. */
export function handleEvent(state: DeviceCalls, event: ServerEvent, now: number): DeviceStep {
  if (event.type === 'ring') return handleRing(state, event, now);
  if (event.type === 'call_grew') return handleGrew(state, event, now);
  const call = findByCallId(state, event.callId);
  if (call === undefined) return handleUnknown(state, event);
  // RING7: while this device dials whoever rings here, it may be one call: then what happens to it is for the dialed one.
  if (call.phase === 'incoming' && call.group === null && isUnnamedDial(state, call.peer.userId)) {
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
    case 'group_changed':
      return handleGroupChanged(state, call, event, now);
    case 'media_asked':
      return handleAsked(state, call, event);
    case 'call_data':
      // GRP7: no part of how a call goes; whoever shows it keeps it.
      return step(state);
    case 'keys_proposed':
    case 'keys_committed':
    case 'keys_welcome':
    case 'keys_reset':
      // For whoever has the keys of the call.
      return step(state);
    case 'media_changed':
      if (call.group !== null) {
        const { deviceId, mediaState } = event.payload;
        return step(putCall(state, changeParticipant(call, deviceId, mediaState)));
      }
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
  if (findByCallId(state, event.callId) !== undefined) return step(state);
  if (snapshot.group !== undefined) {
    // GRP3: left or declined, and called into it anew. A ring comes once each time.
    const closing = state.closing.filter(({ callId }) => callId !== event.callId);
    return placeIncoming({ ...state, closing }, snapshot);
  }
  if (isClosing(state, event.callId)) return step(state);
  // RING7: somebody whom this device is just dialing rings: most likely one and the same call. The server will say.
  if (isUnnamedDial(state, snapshot.peer.userId)) return step(keepEarly(state, event));
  return placeIncoming(state, snapshot);
}

/** CALL3. The answer to a dial may come after it: until then nobody knows whose it is. */
function handleGrew(state: DeviceCalls, event: EventOf<'call_grew'>, now: number): DeviceStep {
  const { call: snapshot } = event.payload;
  const call = findByCallId(state, event.callId) ?? findByCallId(state, snapshot.group?.grewFrom ?? '');
  if (call === undefined) return handleUnknown(state, event);
  return call.phase === 'joined' && call.group === null
    ? grow(state, call, snapshot, now)
    : takeOver(state, snapshot, now);
}

/** An event for a call that this device is still dialing, or that it has closed and the server has not. */
function handleUnknown(state: DeviceCalls, event: ServerEvent): DeviceStep {
  const closing = state.closing.find(({ callId }) => callId === event.callId);
  if (closing === undefined) {
    const isDialing =
      state.calls.some((call) => call.phase === 'dialing' || call.phase === 'joining') ||
      state.closing.some(({ callId }) => callId === null);
    return step(isDialing ? keepEarly(state, event) : state);
  }
  // RING7: declined here after dialing the same person, it may still be the dialed call.
  const kept =
    closing.peerId !== null && isUnnamedDial(state, closing.peerId) ? keepEarly(state, event) : state;
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
    case 'call_grew': {
      // Hung up a moment before: it is over here under either name.
      const { callId } = event.payload.call;
      const renamed = kept.closing.map((entry) => (entry === closing ? { ...closing, callId } : entry));
      return step({ ...kept, closing: renamed }, ...endRequests(closing.key, event.payload.call));
    }
    case 'ring':
    case 'call_progress':
    case 'group_changed':
    case 'call_data':
    case 'media_asked':
    case 'media_changed':
    case 'offer':
    case 'answer':
    case 'ice_candidate':
    case 'keys_proposed':
    case 'keys_committed':
    case 'keys_welcome':
    case 'keys_reset':
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
  const joined = putCall(state, {
    ...baseOf(call),
    phase: 'joined',
    callId: call.callId,
    connectedAt,
    remote: call.group === null ? remote : null,
    flow: 'connecting',
    flowSinceAt: now,
    askedToForward: false,
    askedToUnmuteBy: null,
  });
  return call.group === null
    ? step(joined, { type: 'media_accept', key: call.key, signals: [] })
    : step(joined);
}

function handleEnded(state: DeviceCalls, call: ClientCall, event: EventOf<'call_ended'>): DeviceStep {
  const { reason, endedAt, connectedAt, by } = event.payload;
  // CALL3: `call_grew` says under which name it goes on, before or after this.
  if (reason === 'grown' && call.phase === 'joined') return step(state);
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
      // CALL3: the direct media of a call that has grown go on for a moment, by themselves.
      if (call.group !== null) return step(state);
      return step(state, { type: 'media_signal', key: call.key, signal });
    case 'answering':
      return step(putCall(state, { ...call, waiting: [...call.waiting, signal] }));
    case 'dialing':
    case 'calling':
    case 'incoming':
    case 'joining':
    case 'waiting':
    case 'ended':
      return step({ ...state, refusedSignals: state.refusedSignals + 1 });
  }
}

const isClosing = (state: DeviceCalls, callId: string): boolean =>
  state.closing.some((entry) => entry.callId === callId);
