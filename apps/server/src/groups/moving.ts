import { ownDirectCall, ownGroupCall, type CallDevice, type GroupParticipant } from '@visavis/call';
import {
  isGroupCallId,
  TIMES,
  type ClientRequest,
  type ErrorCode,
  type OwnCall,
  type RequestAnswer,
  type ServerNotice,
  type UserSummary,
} from '@visavis/protocol';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { CorePorts } from '../corePorts.ts';
import type { MoveOffer } from '../movePorts.ts';
import { refuse } from '../signaling/answers.ts';
import type { Actor } from '../signaling/dispatch.ts';
import { findInvitees } from './invitees.ts';
import type { LiveGroups } from './liveGroups.ts';
import { entered, type Entered, type Starting } from './starting.ts';

type RequestOf<Type extends ClientRequest['type']> = Extract<ClientRequest, { type: Type }>;

/** CALL4: calls that go from one device to another. */
export interface Moving {
  move(actor: Actor, request: RequestOf<'move_call'>): Promise<Entered>;
  offer(actor: Actor, request: RequestOf<'offer_move'>): Promise<RequestAnswer>;
  drop(actor: Actor, request: RequestOf<'drop_move'>): Promise<RequestAnswer>;
}

type MovingPorts = Pick<
  CorePorts,
  'accounts' | 'presence' | 'quotas' | 'clock' | 'random' | 'bus' | 'moveOffers'
>;
interface MovingParts {
  readonly live: LiveGroups;
  readonly direct: Pick<LiveCalls, 'find'>;
  readonly starting: Pick<Starting, 'grow' | 'findGrown'>;
}
/** Who is to be relieved, and by what right. */
type Found = { readonly ok: true; readonly from: Actor } | Extract<Entered, { ok: false }>;
type Outcome = Extract<ServerNotice, { type: 'move_over' }>['payload']['outcome'];

/** A call of either kind, as far as it matters here. */
interface Seen {
  readonly participants: readonly Pick<GroupParticipant, 'device' | 'part'>[];
  readonly people: readonly UserSummary[];
  readonly own: (userId: string) => OwnCall | null;
}

/** CALL1: whoever is not of a call does not learn that there is one. */
function whyNot(call: Seen | null, isOwn: (device: CallDevice) => boolean): ErrorCode {
  const parts = (call?.participants ?? [])
    .filter(({ device }) => isOwn(device))
    .map(({ part }) => part.state);
  if (parts.includes('joined')) return 'WRONG_STATE';
  const isOutside = parts.every((state) => state === 'invited' || state === 'ringing');
  return isOutside ? 'FORBIDDEN' : 'CALL_UNAVAILABLE';
}

const isFor = ({ to }: MoveOffer, { user, device }: Actor): boolean =>
  to.userId === user.userId && (to.deviceId ?? device.deviceId) === device.deviceId;

export function createMoving(ports: MovingPorts, { live, direct, starting }: MovingParts): Moving {
  const { presence, quotas, clock, random, bus, moveOffers } = ports;

  /** A call of either kind, as far as who is in it; with the people of whom these devices are. */
  const look = async (callId: string): Promise<Seen | null> => {
    if (isGroupCallId(callId)) {
      const call = await live.find(callId);
      if (call === null) return null;
      const people = call.people.map(({ user }) => user);
      return { participants: call.participants, people, own: (userId) => ownGroupCall(call, userId) };
    }
    const call = await direct.find(callId);
    if (call === null) return null;
    const people = [call.caller, call.callee];
    return { participants: call.participants, people, own: (userId) => ownDirectCall(call, userId) };
  };

  const findFrom = async (
    callId: string,
    isMeant: (device: CallDevice) => boolean,
  ): Promise<Actor | null> => {
    const call = await look(callId);
    const joined = (call?.participants ?? []).filter(({ part }) => part.state === 'joined');
    const device = joined.findLast((each) => isMeant(each.device))?.device;
    const user = call?.people.find(({ userId }) => userId === device?.userId);
    return device === undefined || user === undefined ? null : { user, device, isGuest: false };
  };

  /** The one of this person's other devices that is in the call; `wanted` null: the one that came last. */
  const findOwn = async (callId: string, { user, device }: Actor, wanted: string | null): Promise<Found> => {
    const { userId } = user;
    const isMeant = (each: CallDevice): boolean =>
      each.userId === userId &&
      each.deviceId !== device.deviceId &&
      each.deviceId === (wanted ?? each.deviceId);
    const from = await findFrom(callId, isMeant);
    return from === null
      ? { ok: false, code: whyNot(await look(callId), ({ userId: id }) => id === userId) }
      : { ok: true, from };
  };

  const tellOver = async (
    token: string,
    { from, to }: MoveOffer,
    outcome: Outcome,
    except: string,
  ): Promise<void> => {
    const asked =
      to.deviceId === null
        ? (await presence.listDevices(to.userId)).map(({ deviceId }) => deviceId)
        : [to.deviceId];
    const text = JSON.stringify({
      type: 'move_over',
      payload: { token, outcome },
    } satisfies ServerNotice);
    for (const deviceId of [from.deviceId, ...asked])
      if (deviceId !== except) bus.publish(deviceId, { kind: 'notice', text });
  };

  /** An offer holds for whom it was made, in the call for which it was made, and once. Who it is not for cannot use it up. */
  const redeem = async (actor: Actor, callId: string, token: string): Promise<Found> => {
    const offer = await moveOffers.find(token);
    if (offer === null || !isFor(offer, actor) || offer.callId !== callId || !(await moveOffers.take(token)))
      return { ok: false, code: 'MOVE_GONE' };
    await tellOver(token, offer, 'accepted', actor.device.deviceId);
    const from = await findFrom(await currentOf(callId), ({ deviceId }) => deviceId === offer.from.deviceId);
    return from === null ? { ok: false, code: 'CALL_UNAVAILABLE' } : { ok: true, from };
  };

  /** CALL3: under which id it goes on. */
  const currentOf = async (callId: string): Promise<string> =>
    isGroupCallId(callId) ? callId : ((await starting.findGrown(callId)) ?? callId);

  return {
    move: async (actor, { callId, payload: { token, fromDeviceId } }) => {
      const { user, device, isGuest } = actor;
      if (isGuest) return { ok: false, code: 'FORBIDDEN' };
      const current = await currentOf(callId);
      // The answer to a repeat is the first answer again (SES5), also where the offer is used up by it.
      const known = isGroupCallId(current) ? await live.find(current) : null;
      if (known?.state === 'live' && known.moves.some(({ toDeviceId }) => toDeviceId === device.deviceId))
        return entered(known, device.deviceId);
      const found =
        token === null ? await findOwn(current, actor, fromDeviceId) : await redeem(actor, callId, token);
      if (!found.ok) return found;
      const { from } = found;
      const grown = isGroupCallId(current) ? null : await starting.grow(from, current, []);
      if (grown?.ok === false) return grown;
      const groupId = grown?.callId ?? current;
      const { deviceId: fromId } = from.device;
      const change = await live.change(groupId, { type: 'move_started', fromDeviceId: fromId, device, user });
      return change.ok ? entered(change.call, device.deviceId) : change;
    },

    offer: async (actor, { id, callId, payload: { userId, deviceId } }) => {
      const { user, device, isGuest } = actor;
      const isOwn = userId === user.userId;
      if (isGuest) return refuse(id, 'FORBIDDEN');
      if (isOwn !== (deviceId !== null) || deviceId === device.deviceId) return refuse(id, 'BAD_MESSAGE');
      const call = await look(callId);
      const isIn = call?.participants.some(
        (each) => each.device.deviceId === device.deviceId && each.part.state === 'joined',
      );
      const own = call?.own(user.userId) ?? null;
      if (isIn !== true || own === null)
        return refuse(
          id,
          whyNot(call, (each) => each.deviceId === device.deviceId),
        );
      if (!isOwn) {
        if (own.people.some((each) => each.userId === userId)) return refuse(id, 'WRONG_STATE');
        const retryAfterMs = await quotas.takeDial(user.userId);
        if (retryAfterMs !== null) return refuse(id, 'RATE_LIMITED', { retryAfterMs });
        const invitees = await findInvitees(ports, user.userId, [userId]);
        if (invitees === null) return refuse(id, 'NOT_FOUND');
        // RING6, RING8: whoever would not be rung is not asked either, and it looks as if nobody were there.
        const isAsked = invitees.every(
          ({ policy }) => policy.admits === 'ring' && (!policy.inCall || policy.callWaiting),
        );
        if (!isAsked) return refuse(id, 'DEVICE_OFFLINE');
      }
      const asked = (await presence.listDevices(userId)).filter(
        (each) => each.isConnected && each.deviceId === (deviceId ?? each.deviceId),
      );
      if (asked.length === 0) return refuse(id, 'DEVICE_OFFLINE');
      const token = random.id();
      const expiresAt = clock.now() + TIMES.moveOfferMs;
      const from = { userId: user.userId, deviceId: device.deviceId };
      await moveOffers.put(token, { callId, from, to: { userId, deviceId } });
      const shown: OwnCall = {
        ...own,
        devices: own.devices.filter((each) => each.deviceId === device.deviceId),
      };
      const payload = { token, expiresAt, from: user, call: shown };
      const text = JSON.stringify({ type: 'move_offered', payload } satisfies ServerNotice);
      for (const each of asked) bus.publish(each.deviceId, { kind: 'notice', text });
      return { type: 'ok', id, payload: { offer: { token, expiresAt } } };
    },

    drop: async (actor, { id, payload: { token } }) => {
      const offer = await moveOffers.find(token);
      const isMine = offer?.from.deviceId === actor.device.deviceId;
      if (offer === null || (!isMine && !isFor(offer, actor)) || !(await moveOffers.take(token)))
        return refuse(id, 'MOVE_GONE');
      await tellOver(token, offer, isMine ? 'withdrawn' : 'declined', actor.device.deviceId);
      return { type: 'ok', id, payload: {} };
    },
  };
}
