import { callIdOf, type Call, type DeviceRequest } from '@visavis/call';
import { TIMES } from '@visavis/protocol';
import { must } from '@visavis/call/simulation';
import type { LinkAnswer } from '@visavis/client';
import type { DeviceWatch, Page } from '../device/device.ts';
import { isLive, type Tables } from '../database/tables.ts';
import { count, type World } from '../world.ts';
import type { Pushes } from './pushes.ts';

/** What has to hold whenever a device is told something. */
export function createDeviceWatch(world: World, tables: Tables, pushes: Pushes): DeviceWatch {
  const guarded = (audit: () => void): void => {
    try {
      audit();
    } catch (error) {
      world.fail(error);
    }
  };
  const findCall = (callId: string | undefined): Call | undefined => tables.calls.get(callId ?? '')?.call;

  return {
    handleRegistered: (page, { sessionId, resumed }) => {
      count(world, resumed ? 'resumed' : 'fresh');
      guarded(() => {
        must(
          resumed === (page.session?.id === sessionId),
          () => `SES2 ${page.device.name} resumes another session`,
        );
      });
      if (page.session !== null && !resumed) {
        const { session } = page;
        guarded(() => auditFresh(page, session, world, pushes));
      }
      if (!resumed || page.session === null) page.session = { id: sessionId, lastSeq: 0, registeredAt: 0 };
      page.session.registeredAt = world.clock.now();
    },
    handleEvent: (page, event) =>
      guarded(() => {
        const { session, device } = page;
        must(session !== null, () => `SES1 ${device.name} hears ${event.type} before it is registered`);
        must(
          event.seq === session.lastSeq + 1,
          () => `SES2 ${device.name} hears ${String(event.seq)} after ${String(session.lastSeq)}`,
        );
        session.lastSeq = event.seq;
        must(
          JSON.stringify(pushes.find(session.id, event.seq)?.payload) === JSON.stringify(event.payload),
          () => `SES2 ${device.name} hears another ${event.type} than was said`,
        );
      }),
    handleAnswer: (page, request, answer) =>
      guarded(() => {
        count(world, answer.type === 'ok' ? 'answers' : 'refusals');
        if (answer.type === 'ok') auditDone(page, request, answer.payload, findCall, pushes);
      }),
    handleMedia: (page, media, what) =>
      guarded(() => {
        auditAgreement(page, media, what, findCall);
      }),
  };
}

/** By how much what a page knows may be behind what the nodes have stored, or ahead of it, in ms. */
const BEHIND_MS = 15_000;

/** SES2: a session is there for a minute, and only Redis may forget it. */
function auditFresh(
  { device, heardAt }: Page,
  { registeredAt, lastSeq }: NonNullable<Page['session']>,
  { clock }: World,
  pushes: Pushes,
): void {
  const awayMs = clock.now() - heardAt;
  must(
    pushes.forgottenAt() > registeredAt - BEHIND_MS || awayMs > TIMES.resumeMs - BEHIND_MS,
    () =>
      `SES2 the session of ${device.name} is not there after ${String(awayMs)} ms and ${String(lastSeq)} events`,
  );
}

/** What was acknowledged has been done, and stays so. */
function auditDone(
  { device }: Page,
  request: DeviceRequest,
  { callId }: Extract<LinkAnswer, { type: 'ok' }>['payload'],
  findCall: (callId: string | undefined) => Call | undefined,
  pushes: Pushes,
): void {
  const what = (): string => `${request.type} of ${device.name} was acknowledged and is lost`;
  const call = findCall('callId' in request ? request.callId : callId);
  must(call !== undefined, what);
  const part = call.participants.find((each) => each.device.deviceId === device.deviceId)?.part.state;
  switch (request.type) {
    case 'initiate_call':
      return;
    case 'answer_call':
      must(part === 'joined' || part === 'left', what);
      return;
    case 'cancel_call':
    case 'end_call':
    case 'decline_call':
      must(!isLive(call), what);
      return;
    case 'report_ringing':
      must(part !== 'invited', what);
      return;
    case 'offer':
    case 'answer':
    case 'ice_candidate': {
      if (!isLive(call)) return;
      const { type, payload } = request;
      const isHeld =
        call.state === 'ringing' &&
        call.held.some((held) => held.type === type && held.payload.connectionId === payload.connectionId);
      // What was held went to the device that answered, with its answer.
      const wasHeld = call.state === 'connected' && device.userId === call.caller.userId;
      must(isHeld || wasHeld || pushes.hasSignal(request), what);
      return;
    }
    // What of these is lost shows at the end: the other side believes something else.
    case 'update_media':
    case 'report_media':
      return;
    // Of keys, identities and group calls, which the simulation has not.
    case 'join_keys':
    case 'commit_keys':
    case 'refresh_keys':
    case 'add_people':
    case 'admit_person':
    case 'ask_media':
    case 'connect_media':
    case 'join_by_link':
    case 'join_call':
    case 'list_tracks':
    case 'lock_call':
    case 'move_call':
    case 'confirm_move':
    case 'offer_move':
    case 'drop_move':
    case 'open_media':
    case 'pause_track':
    case 'prefer_tracks':
    case 'publish_track':
    case 'receive_tracks':
    case 'remove_person':
    case 'restart_media':
    case 'send_approval':
    case 'send_data':
    case 'start_group':
    case 'unpublish_track':
      return;
  }
}

/** NEG3: nothing goes out or is handled before the person has agreed and the server has said that this device takes part. */
function auditAgreement(
  { app, agreed, device }: Page,
  media: Parameters<DeviceWatch['handleMedia']>[1],
  what: string,
  findCall: (callId: string | undefined) => Call | undefined,
): void {
  const view = app.getView().calls.find((each) => each.media === media.getState());
  if (view === undefined) return;
  const callId = callIdOf(view.call);
  must(
    agreed.has(view.call.peer.userId) || (callId !== null && agreed.has(callId)),
    () => `NEG3 ${what} on ${device.name} for ${callId?.slice(-4) ?? 'no call'}, whose person never agreed`,
  );
  if (what === 'offer') return;
  const call = findCall(callId ?? '');
  const part = call?.participants.find((each) => each.device.deviceId === device.deviceId)?.part.state;
  must(
    part === 'joined' || part === 'left',
    () => `NEG3 ${what} on ${device.name} without the server's word`,
  );
}
