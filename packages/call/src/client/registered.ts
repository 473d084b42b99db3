import { callIdOf, chain, dropCall, putCall, step, toEnded } from './changes.ts';
import { takeOver } from './takeOver.ts';
import type {
  Calling,
  ClientCall,
  DeviceCalls,
  DeviceEffect,
  DeviceInput,
  DeviceStep,
  Joined,
  Waiting,
} from './types.ts';

/**
 * The server's word after a new socket. A resumed session gets what it missed as events, in order; a new one gets every
 * live call as it is now, and whatever this device believed beyond that is over.
 */
export function handleRegistered(
  state: DeviceCalls,
  input: Extract<DeviceInput, { type: 'registered' }>,
  now: number,
): DeviceStep {
  if (input.resumed) return step(state);
  // CALL3: a call that has grown meanwhile goes on under another id.
  const live = new Set(
    input.calls.flatMap(({ callId, group }) => [callId, ...(group?.grewFrom ? [group.grewFrom] : [])]),
  );
  const gone = state.calls.filter((call) => {
    const callId = callIdOf(call);
    return callId !== null && !live.has(callId);
  });
  const kept = {
    ...state,
    unplaced: [],
    // What was kept from the old session is older than what the server says now; only an end is for good.
    early: state.early.filter(({ type }) => type === 'call_ended'),
    closing: state.closing.filter(({ callId }) => callId === null || live.has(callId)),
  };
  return chain(
    kept,
    ...gone.map((call) => (current: DeviceCalls) => endForgotten(current, call, now)),
    ...input.calls.map(
      (snapshot) => (current: DeviceCalls) => takeOver(current, snapshot, now, input.chosen ?? null),
    ),
  );
}

/** It ended while this device was away. Until the server has told how, the likeliest stands. */
function endForgotten(state: DeviceCalls, call: ClientCall, now: number): DeviceStep {
  const close = { type: 'media_close', key: call.key } as const;
  switch (call.phase) {
    case 'incoming':
    case 'answering':
      return step(dropCall(state, call.key), close);
    case 'joining':
      // It may not have reached the server yet: the answer comes.
      return step(state);
    case 'waiting':
      return step(putCall(state, toEnded(call, { reason: 'not_admitted' }, now)), close, ask(call));
    case 'calling':
      return step(putCall(state, toEnded(call, { reason: 'no_answer' }, now)), close, ask(call));
    case 'joined':
      return step(putCall(state, toEnded(call, { reason: 'connection_lost' }, now)), close, ask(call));
    case 'dialing':
    case 'ended':
      return step(state);
  }
}

const ask = ({ key, callId }: Calling | Waiting | Joined): DeviceEffect => ({ type: 'ask_end', key, callId });
