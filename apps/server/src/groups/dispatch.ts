import { viewGroup, type GroupActorEvent, type GroupCall } from '@visavis/call';
import { isGroupCallId, type CallRequest, type ClientRequest, type RequestAnswer } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import { hashToken } from '../http/cookies.ts';
import type { KeyRequest } from '../keys/keyRequests.ts';
import { refuse } from '../signaling/answers.ts';
import type { Actor } from '../signaling/dispatch.ts';
import type { CallMedia } from './callMedia.ts';
import type { LiveGroups } from './liveGroups.ts';
import { findInvitees } from './invitees.ts';
import type { Moving } from './moving.ts';
import { entered, type Entered, type Starting } from './starting.ts';

export type GroupRequest = Exclude<
  ClientRequest,
  KeyRequest | { type: 'register' | 'initiate_call' | 'send_approval' }
>;
/** Does one request of group calls, or about one. */
export type GroupDispatch = (
  actor: Actor,
  request: GroupRequest,
  answer: (answer: RequestAnswer) => void,
) => Promise<void>;

export interface GroupDispatchParts {
  readonly live: LiveGroups;
  readonly starting: Starting;
  readonly moving: Moving;
  readonly media: CallMedia;
  /** SES5: what the device was answered by another node that was asked the same before. */
  readonly findFirst: (deviceId: string, requestId: string) => Promise<RequestAnswer | null>;
}
type DispatchPorts = Pick<
  CorePorts,
  'accounts' | 'presence' | 'quotas' | 'clock' | 'random' | 'savedGroups' | 'links'
>;

export function createGroupDispatch(ports: DispatchPorts, parts: GroupDispatchParts): GroupDispatch {
  const { quotas, clock, random, savedGroups, links } = ports;
  const { live, starting, moving, media, findFirst } = parts;

  /** GRP3: joins a call that goes on. */
  const join = async (actor: Actor, request: Extract<GroupRequest, { type: 'join_call' }>) => {
    const { user, device } = actor;
    const { callId } = request;
    const call = await live.find(callId);
    const savedGroupId = call?.savedGroupId ?? null;
    const group = savedGroupId === null ? null : await savedGroups.find(savedGroupId);
    const isGroupMember = group?.members.some(({ userId }) => userId === user.userId) ?? false;
    const change = await live.change(callId, {
      type: 'joined',
      device,
      user,
      media: request.payload.media,
      entrance: { type: 'own', isGroupMember },
    });
    return change.ok ? entered(change.call, device.deviceId) : change;
  };

  /** GRP6: through the waiting room. */
  const joinByLink = async (actor: Actor, { payload }: Extract<GroupRequest, { type: 'join_by_link' }>) => {
    const { user, device, isGuest } = actor;
    const link = await links.find(hashToken(payload.token), clock.now());
    if (link === null) return { ok: false, code: 'LINK_INVALID' } as const;
    if (isGuest && (await links.findGuestCall(user.userId)) !== link.callId)
      return { ok: false, code: 'FORBIDDEN' } as const;
    const change = await live.change(link.callId, {
      type: 'joined',
      device,
      user,
      media: payload.media,
      entrance: { type: 'link', guest: isGuest, sealedName: payload.name },
    });
    return change.ok ? entered(change.call, device.deviceId) : change;
  };

  const addPeople = async (
    actor: Actor,
    { callId, payload }: Extract<GroupRequest, { type: 'add_people' }>,
  ): Promise<Entered> => {
    if (actor.isGuest) return { ok: false, code: 'FORBIDDEN' };
    const retryAfterMs = payload.userIds.length === 0 ? null : await quotas.takeDial(actor.user.userId);
    if (retryAfterMs !== null) return { ok: false, code: 'RATE_LIMITED', retryAfterMs };
    if (!isGroupCallId(callId)) return starting.grow(actor, callId, payload.userIds);
    const { deviceId } = actor.device;
    // Only who is in it learns whether there is such a person.
    const call = await live.find(callId);
    const isIn = call !== null && viewGroup(call, deviceId)?.joined === true;
    const invitees = isIn ? await findInvitees(ports, actor.user.userId, payload.userIds) : [];
    if (invitees === null) return { ok: false, code: 'NOT_FOUND' };
    const change = await live.change(callId, { type: 'people_added', deviceId, invitees });
    return change.ok ? entered(change.call, deviceId) : change;
  };

  const act = async (deviceId: string, request: ActRequest): Promise<RequestAnswer> => {
    const { id, callId } = request;
    const describe = (call: GroupCall): RequestAnswer => answerTo(request, deviceId, call);
    const event = eventOf(request, deviceId, () => random.id());
    const change = await live.change(callId, event, { deviceId, requestId: id, describe });
    if (change.ok) return describe(change.call);
    return (await findFirst(deviceId, id)) ?? refuse(id, change.code);
  };

  return async (actor, request, answer) => {
    const { id } = request;
    const { deviceId } = actor.device;
    const answerEntered = (result: Entered): void => {
      if (!result.ok) answer(refuse(id, result.code, result));
      else {
        const { callId, call } = result;
        answer({ type: 'ok', id, payload: { callId, ...(call === null ? {} : { call }) } });
      }
    };
    switch (request.type) {
      case 'start_group':
        return starting.start(actor, request.payload, answerEntered);
      case 'add_people':
        return answerEntered(await addPeople(actor, request));
      case 'join_by_link':
        return answerEntered(await joinByLink(actor, request));
      case 'join_call':
        return answerEntered(
          isGroupCallId(request.callId) ? await join(actor, request) : { ok: false, code: 'FORBIDDEN' },
        );
      case 'move_call':
        return answerEntered(await moving.move(actor, request));
      case 'offer_move':
        return answer(await moving.offer(actor, request));
      case 'drop_move':
        return answer(await moving.drop(actor, request));
      case 'open_media':
      case 'connect_media':
      case 'restart_media':
      case 'publish_track':
      case 'unpublish_track':
      case 'pause_track':
      case 'list_tracks':
      case 'receive_tracks':
      case 'prefer_tracks':
        return answer(
          isGroupCallId(request.callId) ? await media.handle(deviceId, request) : refuse(id, 'FORBIDDEN'),
        );
      case 'report_ringing':
      case 'answer_call':
      case 'decline_call':
      case 'cancel_call':
      case 'end_call':
      case 'update_media':
      case 'report_media':
      case 'offer':
      case 'answer':
      case 'ice_candidate':
      case 'confirm_move':
      case 'remove_person':
      case 'admit_person':
      case 'lock_call':
      case 'ask_media':
      case 'send_data':
        return answer(isGroupCallId(request.callId) ? await act(deviceId, request) : refuse(id, 'FORBIDDEN'));
    }
  };
}

type ActRequest = Exclude<
  Extract<CallRequest, GroupRequest>,
  {
    type:
      | 'add_people'
      | 'join_call'
      | 'move_call'
      | 'offer_move'
      | 'open_media'
      | 'connect_media'
      | 'restart_media'
      | 'publish_track'
      | 'unpublish_track'
      | 'pause_track'
      | 'list_tracks'
      | 'receive_tracks'
      | 'prefer_tracks';
  }
>;

/** What the device that asked for a change is told of it. */
function answerTo({ id, type }: ActRequest, deviceId: string, call: GroupCall): RequestAnswer {
  const view = type === 'answer_call' ? viewGroup(call, deviceId) : null;
  return { type: 'ok', id, payload: view === null ? {} : { call: view, signals: [] } };
}

/** What a request about a group call is to its machine. */
function eventOf(request: ActRequest, deviceId: string, makeId: () => string): GroupActorEvent {
  switch (request.type) {
    case 'report_ringing':
      return { type: 'ringing_reported', deviceId, silent: request.payload.silent };
    case 'answer_call':
      return { type: 'answered', deviceId, media: request.payload.media };
    case 'decline_call':
      return { type: 'declined', deviceId };
    // GRP9: whoever starts a group call is in it from the start.
    case 'cancel_call':
      return { type: 'left', deviceId, reason: 'hangup' };
    case 'end_call':
      return { type: 'left', deviceId, reason: request.payload.reason };
    case 'update_media':
      return { type: 'media_updated', deviceId, mediaState: request.payload };
    case 'report_media':
      return { type: 'media_reported', deviceId, flow: request.payload.flow };
    case 'offer':
    case 'answer':
    case 'ice_candidate':
      return { type: 'signalled', deviceId };
    case 'confirm_move':
      return { type: 'move_confirmed', deviceId, toDeviceId: request.payload.toDeviceId };
    case 'remove_person':
      return { type: 'person_removed', deviceId, userId: request.payload.userId };
    case 'admit_person':
      return { type: 'person_admitted', deviceId, ...request.payload };
    case 'lock_call':
      return { type: 'locked', deviceId, locked: request.payload.locked };
    case 'ask_media':
      return { type: 'media_asked', deviceId, ...request.payload };
    case 'send_data':
      return { type: 'data_sent', deviceId, messageId: makeId(), sealed: request.payload.sealed };
  }
}
