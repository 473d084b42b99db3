import {
  isDirectRequest,
  viewCall,
  type Call,
  type CallDevice,
  type CallEvent,
  type DirectRequest,
} from '@visavis/call';
import type { Eventually } from '../ports.ts';
import { isGroupCallId, type ClientRequest, type RequestAnswer, type UserSummary } from '@visavis/protocol';
import type { ApprovalRequest } from '../approvals.ts';
import type { Dial } from '../calls/dialing.ts';
import type { Change, LiveCalls, Origin } from '../calls/liveCalls.ts';
import type { GroupDispatch } from '../groups/dispatch.ts';
import { createKeepBehind } from '../groups/entering.ts';
import { isKeyRequest, type KeyRequest } from '../keys/keyRequests.ts';
import { refuse } from './answers.ts';

/** Whoever asks: established by the session, never by the message. */
export interface Actor {
  readonly user: UserSummary;
  readonly device: CallDevice;
  /** GRP6: somebody without an account, who calls nobody. */
  readonly isGuest: boolean;
}

/** Does one request and says what came of it. Authorisation is the call machine's (CALL1): it knows who acts. */
export type Dispatch = (
  actor: Actor,
  request: Exclude<ClientRequest, { type: 'register' }>,
  answer: (answer: RequestAnswer) => void,
) => Eventually<void>;

/** @param findFirst - SES5: what the device was answered by another node that was asked the same before */
export function createDispatch(
  live: LiveCalls,
  dial: Dial,
  groups: GroupDispatch,
  keys: (deviceId: string, request: KeyRequest) => Promise<RequestAnswer>,
  approvals: (actor: Actor, request: ApprovalRequest) => Promise<RequestAnswer>,
  findFirst: (deviceId: string, requestId: string) => Eventually<RequestAnswer | null>,
): Dispatch {
  /** Confirmed is only what cannot be lost any more; what another node has done already is refused, or says less. */
  const finish = async (
    { id, type }: DirectRequest,
    { deviceId, describe }: Origin,
    change: Change,
  ): Promise<RequestAnswer> => {
    if (change.ok) await change.passedOn;
    const isRepeat = !change.ok || (type === 'answer_call' && change.before === change.call);
    const first = isRepeat ? await findFirst(deviceId, id) : null;
    return first ?? (change.ok ? describe(change.before, change.call) : refuse(id, change.code));
  };

  const keepBehind = createKeepBehind();
  const perform: Dispatch = (actor, request, answer) => {
    if (request.type === 'initiate_call') {
      if (actor.isGuest) return answer(refuse(request.id, 'FORBIDDEN'));
      const { id } = request;
      const { calleeId, callType, idempotencyKey } = request.payload;
      return dial(
        { caller: actor.user, device: actor.device, calleeId, callType, idempotencyKey },
        (dialed) => {
          if (!dialed.ok) answer(refuse(id, dialed.code, dialed));
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
    }
    if (request.type === 'send_approval') return approvals(actor, request).then(answer);
    if (isKeyRequest(request)) return keys(actor.device.deviceId, request).then(answer);
    if (!isDirectRequest(request) || isGroupCallId(request.callId)) return groups(actor, request, answer);
    const { deviceId } = actor.device;
    const origin: Origin = {
      deviceId,
      requestId: request.id,
      describe: (before, call) => answerTo(request, deviceId, before, call),
    };
    const change = live.change(request.callId, eventOf(request, deviceId), origin);
    if (change instanceof Promise)
      return change.then(async (settled) => answer(await finish(request, origin, settled)));
    // Passed on within this process.
    if (change.ok && change.passedOn === undefined)
      return answer(origin.describe(change.before, change.call));
    return finish(request, origin, change).then(answer);
  };
  return (actor, request, answer) =>
    keepBehind(actor.device.deviceId, request, () => perform(actor, request, answer));
}

/** What the device that asked for a change is told of it. */
function answerTo({ id, type }: DirectRequest, deviceId: string, before: Call, call: Call): RequestAnswer {
  if (type !== 'answer_call') return { type: 'ok', id, payload: {} };
  const view = viewCall(call, deviceId);
  const signals = before.state === 'ringing' ? [...before.held] : [];
  return { type: 'ok', id, payload: view === null ? {} : { call: view, signals } };
}

/** What a request about a call is to the call machine. */
function eventOf(request: DirectRequest, deviceId: string): CallEvent {
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
