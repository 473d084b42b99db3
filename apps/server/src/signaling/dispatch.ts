import { viewCall, type CallDevice, type CallEvent } from '@visavis/call';
import type { CallRequest, ClientRequest, RequestAnswer, UserSummary } from '@visavis/protocol';
import type { Dial } from '../calls/dialing.ts';
import type { LiveCalls } from '../calls/liveCalls.ts';
import { refuse } from './answers.ts';

/** Whoever asks: established by the session, never by the message. */
export interface Actor {
  readonly user: UserSummary;
  readonly device: CallDevice;
}

/** Does one request and says what came of it. Authorisation is the call machine's (CALL1): it knows who acts. */
export type Dispatch = (
  actor: Actor,
  request: Exclude<ClientRequest, { type: 'register' }>,
  answer: (answer: RequestAnswer) => void,
) => Promise<void>;

export function createDispatch(live: LiveCalls, dial: Dial): Dispatch {
  return async (actor, request, answer) => {
    const { id } = request;
    if (request.type === 'initiate_call') {
      const { calleeId, callType, idempotencyKey } = request.payload;
      await dial(
        { caller: actor.user, device: actor.device, calleeId, callType, idempotencyKey },
        (dialed) => {
          if (!dialed.ok) answer(refuse(id, dialed.code));
          else {
            const { callId, call, signals } = dialed;
            const payload = {
              callId,
              ...(call === null ? {} : { call }),
              ...(signals === undefined ? {} : { signals }),
            };
            answer({ type: 'ok', id, payload });
          }
        },
      );
      return;
    }
    const change = await live.change(request.callId, eventOf(request, actor.device.deviceId));
    if (!change.ok) {
      answer(refuse(id, change.code));
      return;
    }
    if (request.type !== 'answer_call') {
      answer({ type: 'ok', id, payload: {} });
      return;
    }
    const call = viewCall(change.call, actor.device.deviceId);
    const signals = change.before.state === 'ringing' ? [...change.before.held] : [];
    answer({ type: 'ok', id, payload: call === null ? {} : { call, signals } });
  };
}

/** What a request about a call is to the call machine. */
function eventOf(request: CallRequest, deviceId: string): CallEvent {
  switch (request.type) {
    case 'report_ringing':
      return { type: 'ringing_reported', deviceId, silent: request.payload.silent };
    case 'answer_call':
      return { type: 'answered', deviceId, media: request.payload.media };
    case 'decline_call':
      return { type: 'declined', deviceId };
    case 'cancel_call':
      return { type: 'cancelled', deviceId };
    case 'end_call':
      return { type: 'ended', deviceId, reason: request.payload.reason };
    case 'update_media':
      return { type: 'media_updated', deviceId, mediaState: request.payload };
    case 'report_media':
      return { type: 'media_reported', deviceId, flow: request.payload.flow };
    case 'offer':
      return { type: 'signalled', deviceId, signal: { type: 'offer', payload: request.payload } };
    case 'answer':
      return { type: 'signalled', deviceId, signal: { type: 'answer', payload: request.payload } };
    case 'ice_candidate':
      return { type: 'signalled', deviceId, signal: { type: 'ice_candidate', payload: request.payload } };
  }
}
