import { growGroup, startGroup, viewGroup, type ConnectedCall, type GroupCall } from '@visavis/call';
import { toGroupCallId, type CallSnapshot, type CallType, type ErrorCode } from '@visavis/protocol';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { CorePorts } from '../corePorts.ts';
import type { Actor } from '../signaling/dispatch.ts';
import { findInvitees } from './invitees.ts';
import type { LiveGroups } from './liveGroups.ts';

export type Entered =
  /** `call` is null when it is over already, or when this device is not in it. */
  | { readonly ok: true; readonly callId: string; readonly call: CallSnapshot | null }
  | { readonly ok: false; readonly code: ErrorCode; readonly retryAfterMs?: number };

interface StartRequest {
  readonly idempotencyKey: string;
  readonly userIds: readonly string[];
  readonly callType: CallType;
  readonly savedGroupId: string | null;
}

/** Makes group calls: from nothing (GRP1), and from a direct call (CALL3). */
export interface Starting {
  /** @param answer - told once, before anything that follows from it is sent to the device */
  start(actor: Actor, request: StartRequest, answer: (entered: Entered) => void): Promise<void>;
  /** Done again it does nothing more: a direct call grows once. */
  grow(actor: Actor, directCallId: string, userIds: readonly string[]): Promise<Entered>;
  /** The id of the group call that this direct call goes on as, if it does. */
  findGrown(directCallId: string): Promise<string | null>;
  /** CALL3: what a process that died has left half done. */
  finishGrowing(call: GroupCall): Promise<void>;
}

type StartingPorts = Pick<
  CorePorts,
  'accounts' | 'presence' | 'quotas' | 'clock' | 'random' | 'groups' | 'savedGroups'
>;
interface StartingParts {
  readonly live: LiveGroups;
  readonly direct: Pick<LiveCalls, 'find' | 'change'>;
  readonly ringMs: number;
  /** Whether there is a media server, here or at another node. */
  readonly hasMedia: () => boolean;
}
export const entered = (call: GroupCall, deviceId: string): Entered => ({
  ok: true,
  callId: call.callId,
  call: viewGroup(call, deviceId),
});
const refused = (code: ErrorCode): Entered => ({ ok: false, code });

export function createStarting(
  ports: StartingPorts,
  { live, direct, ringMs, hasMedia }: StartingParts,
): Starting {
  const { presence, quotas, clock, random, groups, savedGroups } = ports;

  /** Devices that came online while the call was being stored ring as well (RING2). */
  const ringLatecomers = async (call: GroupCall): Promise<void> => {
    const rung = new Set(call.participants.map(({ device }) => device.deviceId));
    for (const { user, status, concealed } of call.people) {
      if (status !== 'ringing' || concealed) continue;
      for (const { deviceId, name, kind } of await presence.listDevices(user.userId)) {
        const device = { userId: user.userId, deviceId, name, kind };
        if (!rung.has(deviceId)) await live.change(call.callId, { type: 'device_online', device });
      }
    }
  };

  const reenter = async (callId: string, deviceId: string): Promise<Entered> => {
    const call = await live.find(callId);
    return call === null ? refused('CALL_UNAVAILABLE') : entered(call, deviceId);
  };

  const start: Starting['start'] = async ({ user, device, isGuest }, request, answer) => {
    const { idempotencyKey, callType, savedGroupId } = request;
    const { userId } = user;
    if (isGuest) return answer(refused('FORBIDDEN'));
    const userIds = [...new Set(request.userIds)].filter((each) => each !== userId);
    if (userIds.length === 0) return answer(refused('CANNOT_CALL_SELF'));
    const meant = JSON.stringify([callType, savedGroupId, userIds.toSorted()]);
    const known = await groups.findGroupKey(userId, idempotencyKey);
    if (known !== null)
      return answer(
        known.request === meant ? await reenter(known.callId, device.deviceId) : refused('KEY_REUSED'),
      );
    const retryAfterMs = await quotas.takeDial(userId);
    if (retryAfterMs !== null) return answer({ ok: false, code: 'RATE_LIMITED', retryAfterMs });
    const saved = savedGroupId === null ? null : await savedGroups.find(savedGroupId);
    const isMember = saved?.members.some((member) => member.userId === userId) ?? false;
    if (savedGroupId !== null && !isMember) return answer(refused('FORBIDDEN'));
    const invitees = await findInvitees(ports, userId, userIds);
    if (invitees === null) return answer(refused('NOT_FOUND'));
    const started = startGroup({
      callId: toGroupCallId(random.id()),
      callType,
      title: saved?.title ?? null,
      savedGroupId,
      host: user,
      device,
      invitees,
      now: clock.now(),
      ringMs,
    });
    if (!started.ok) return answer(started);
    const { call, effects } = started.step;
    const key = { userId, key: idempotencyKey, request: meant };
    const created = await live.create({ call, key }, effects, () => {
      answer(entered(call, device.deviceId));
    });
    if (created.outcome === 'created') await ringLatecomers(call);
    else if (created.outcome === 'key_reused') answer(refused('KEY_REUSED'));
    else answer(await reenter(created.callId, device.deviceId));
  };

  /** The direct call ends as grown, or the group call with it where that one has ended by itself. */
  const handOver = async (call: GroupCall, actorId: string): Promise<boolean> => {
    if (call.grewFrom === null) return true;
    const views = call.participants.flatMap(({ device: { deviceId } }) => {
      const view = viewGroup(call, deviceId);
      return view === null ? [] : [{ deviceId, call: view }];
    });
    const change = await direct.change(call.grewFrom, { type: 'grown', deviceId: actorId, views });
    if (change.ok) return true;
    const ended = await direct.find(call.grewFrom);
    if (ended !== null && 'endReason' in ended && ended.endReason === 'grown') return true;
    await live.change(call.callId, { type: 'abandoned' });
    return false;
  };

  const create = async (
    actor: Actor,
    call: ConnectedCall,
    userIds: readonly string[],
  ): Promise<GroupCall | ErrorCode> => {
    const invitees = await findInvitees(ports, actor.user.userId, userIds);
    if (invitees === null) return 'NOT_FOUND';
    const callId = toGroupCallId(random.id());
    const { userId: inviterId } = actor.user;
    const grown = growGroup({ callId, direct: call, inviterId, invitees, now: clock.now(), ringMs });
    if (!grown.ok) return grown.code;
    const created = await live.create({ call: grown.step.call, key: null }, grown.step.effects, () => {});
    if (created.outcome === 'created') return created.stored.call;
    return created.outcome === 'existing'
      ? ((await live.find(created.callId)) ?? 'CALL_UNAVAILABLE')
      : 'KEY_REUSED';
  };

  const addAnew = async (actor: Actor, callId: string, userIds: readonly string[]): Promise<Entered> => {
    const invitees = await findInvitees(ports, actor.user.userId, userIds);
    if (invitees === null) return refused('NOT_FOUND');
    const { deviceId } = actor.device;
    const change = await live.change(callId, { type: 'people_added', deviceId, invitees });
    return change.ok ? entered(change.call, deviceId) : change;
  };

  const grow: Starting['grow'] = async (actor, directCallId, userIds) => {
    const { deviceId } = actor.device;
    const call = await direct.find(directCallId);
    const part = call?.participants.find(({ device }) => device.deviceId === deviceId)?.part;
    if (call === null || part === undefined || actor.isGuest) return refused('FORBIDDEN');
    const before = await groups.findGrown(directCallId);
    if (before !== null) {
      // Somebody was faster, or this is a repeat: the people are added to what there is.
      const grown = await live.find(before);
      if (grown === null || !(await handOver(grown, deviceId))) return refused('CALL_UNAVAILABLE');
      return addAnew(actor, before, userIds);
    }
    if (call.state !== 'connected')
      return refused(call.state === 'ringing' ? 'WRONG_STATE' : 'CALL_UNAVAILABLE');
    if (part.state !== 'joined') return refused('FORBIDDEN');
    // NEG4: asked for because media do not get through; without a media server they would not either.
    if (userIds.length === 0 && !hasMedia()) return refused('MEDIA_UNAVAILABLE');
    const group = await create(actor, call, userIds);
    if (typeof group === 'string') return refused(group);
    if (!(await handOver(group, deviceId))) return refused('CALL_UNAVAILABLE');
    await ringLatecomers(group);
    return entered((await live.find(group.callId)) ?? group, deviceId);
  };

  return {
    start,
    grow,
    findGrown: async (directCallId) => groups.findGrown(directCallId),
    finishGrowing: async (call) => {
      const actor = call.participants.find(({ part }) => part.state === 'joined');
      if (call.grewFrom === null || actor === undefined) return;
      if ((await direct.find(call.grewFrom))?.state === 'connected')
        await handOver(call, actor.device.deviceId);
    },
  };
}
