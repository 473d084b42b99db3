import { chain, dropCall, findByKey, putCall, step } from './changes.ts';
import { deadlineOf } from './deadline.ts';
import { answer, dial, endJoined, giveUpCalling, hangUp, reportMedia, resume, setMedia } from './intents.ts';
import { addPeople, answerUnmute, joinGroup, joinLink, moveHere, startGroup } from './groupIntents.ts';
import { handleRegistered } from './registered.ts';
import { handleAnswerAccepted, handleAnswerRefused, handleDialed, handleDialRefused } from './results.ts';
import { handleEvent } from './serverEvents.ts';
import type { DeviceCalls, DeviceInput, DeviceStep, Joined } from './types.ts';

/**
 * The client's call machine: what one input makes of the calls of this device, and what has to be done then. Total: an
 * input that does not fit the state changes nothing.
 *
 * @param now - the server's wall time in ms, as this device estimates it
 */
export function stepDevice(state: DeviceCalls, input: DeviceInput, now: number): DeviceStep {
  switch (input.type) {
    case 'dial':
      return dial(state, input, now);
    case 'answer':
      return answer(state, input, now);
    case 'hang_up':
      return hangUp(state, input.key, now);
    case 'hold':
      return hold(state, input.key);
    case 'resume':
      return resume(state, input.key, now);
    case 'dismiss':
      return findByKey(state, input.key)?.phase === 'ended' ? step(dropCall(state, input.key)) : step(state);
    case 'set_media':
      return setMedia(state, input.key, input.change);
    case 'registered':
      return handleRegistered(state, input, now);
    case 'event':
      return handleEvent(state, input.event, now);
    case 'dialed':
      return handleDialed(state, input, now);
    case 'dial_refused':
    case 'enter_refused':
      return handleDialRefused(state, input.key, input.code, now);
    case 'answer_accepted':
      return handleAnswerAccepted(state, input, now);
    case 'answer_refused':
      return handleAnswerRefused(state, input.key, input.code);
    case 'start_group':
      return startGroup(state, input, now);
    case 'join_group':
      return joinGroup(state, input, now);
    case 'join_link':
      return joinLink(state, input, now);
    case 'move_here':
      return moveHere(state, input, now);
    case 'entered':
      return handleDialed(state, { ...input, signals: [] }, now);
    case 'add_people':
      return addPeople(state, input.key, input.userIds);
    case 'answer_unmute':
      return answerUnmute(state, input.key, input.unmute);
    case 'flow_changed':
      return handleFlow(state, input.key, input.flow, now);
    case 'end_told': {
      const call = findByKey(state, input.key);
      const { reason, durationMs } = input;
      return call?.phase === 'ended' ? step(putCall(state, { ...call, reason, durationMs })) : step(state);
    }
    case 'media_gave_up': {
      const call = findByKey(state, input.key);
      return call?.phase === 'joined' ? endJoined(state, call, 'media_failed', now) : step(state);
    }
    case 'deadline_passed':
      return handleDeadline(state, now);
  }
}

function hold(state: DeviceCalls, key: string): DeviceStep {
  return findByKey(state, key)?.phase === 'joined' ? setMedia(state, key, { held: true }) : step(state);
}

function handleFlow(
  state: DeviceCalls,
  key: string,
  flow: Extract<DeviceInput, { type: 'flow_changed' }>['flow'],
  now: number,
): DeviceStep {
  const call = findByKey(state, key);
  if (call?.phase !== 'joined' || call.flow === flow) return step(state);
  return step(putCall(state, { ...call, flow, flowSinceAt: now }), reportMedia(key, call.callId, flow));
}

/** NEG4: once; it goes on looking for a direct path meanwhile, and when the server has no SFU. */
const askToForward = (state: DeviceCalls, call: Joined): DeviceStep =>
  step(putCall(state, { ...call, askedToForward: true }), {
    type: 'request',
    key: call.key,
    request: { type: 'add_people', callId: call.callId, payload: { userIds: [] } },
  });

/** RING5: nobody rings after the end, not even a device that the server cannot reach. */
function handleDeadline(state: DeviceCalls, now: number): DeviceStep {
  const over = state.calls.filter((call) => {
    const at = deadlineOf(call);
    return at !== null && at <= now;
  });
  return chain(
    state,
    ...over.map(
      (call) => (current: DeviceCalls) =>
        call.phase === 'joined'
          ? askToForward(current, call)
          : call.phase === 'calling'
            ? giveUpCalling(current, call, now)
            : step(dropCall(current, call.key), { type: 'media_close', key: call.key }),
    ),
  );
}
