import { findMember, type GroupCall, type LiveGroup } from '@visavis/call';
import {
  CallLink,
  CallLinks,
  GUEST_NAME,
  GuestSignIn,
  Id,
  LIMITS,
  LinkInvitation,
  LinkToken,
  Me,
  NewCallLink,
  TIMES,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import type { CallLinkRow } from '../groupPorts.ts';
import type { HttpContext } from './context.ts';
import { hashToken, setDeviceCookie } from './cookies.ts';
import { findJoinedCall } from './joinedCall.ts';
import { readMe } from './me.ts';
import { HttpProblem } from './problem.ts';
import { deviceRoute, Nothing, publicRoute, type Route } from './route.ts';

const CallParams = z.strictObject({ callId: Id });
const LinkParams = z.strictObject({ callId: Id, linkId: Id });
const TokenParams = z.strictObject({ token: LinkToken });
/** Invitations read, and guests made, a minute from one address: nobody finds a token of 256 bits by trying. */
const READS_PER_MINUTE = 60;
const GUESTS_PER_MINUTE = 20;
const DEVICE_NAME = 'Browser';

/** GRP6. */
export function linkRoutes(context: HttpContext): Route[] {
  const { ports, settings, liveGroups } = context;
  const { links, groups, accounts, random, clock } = ports;

  /** Whoever is in the call may invite into it. */
  const findCall = async (callId: string, userId: string): Promise<LiveGroup> =>
    findJoinedCall(groups, callId, userId);
  /** A link that does not hold is as good as none. */
  const findLink = async (token: string): Promise<{ link: CallLinkRow; call: GroupCall }> => {
    const link = await links.find(hashToken(token), clock.now());
    const stored = link === null ? null : await groups.load(link.callId);
    if (link === null || stored === null) throw new HttpProblem('LINK_INVALID');
    return { link, call: stored.call };
  };

  return [
    deviceRoute(
      {
        method: 'POST',
        path: '/api/calls/{callId}/links',
        tag: 'Call links',
        summary:
          'Makes a link into a group call that this user is in, of a token that the device has made from its secret',
        params: CallParams,
        query: Nothing,
        body: NewCallLink,
        response: CallLink,
      },
      async ({ device, params, body }) => {
        const { callId } = await findCall(params.callId, device.userId);
        const now = clock.now();
        const link = { linkId: random.id(), callId, expiresAt: now + TIMES.linkMs };
        const isMade = await links.create({
          ...link,
          tokenHash: hashToken(body.token),
          createdBy: device.userId,
          most: LIMITS.linksPerCall,
          now,
        });
        if (!isMade)
          throw new HttpProblem('WRONG_STATE', 'this call has as many links as it may have, or this one');
        // GRP9. Afterwards: a call that has ended meanwhile has taken the link with it.
        const { linkId, expiresAt } = link;
        const change = await liveGroups.change(callId, { type: 'link_made', linkId, expiresAt });
        if (!change.ok) throw new HttpProblem(change.code);
        return { linkId, expiresAt };
      },
    ),
    deviceRoute(
      {
        method: 'GET',
        path: '/api/calls/{callId}/links',
        tag: 'Call links',
        summary: 'The links into a group call that this user is in, without their secrets',
        params: CallParams,
        query: Nothing,
        body: Nothing,
        response: CallLinks,
      },
      async ({ device, params }) => {
        const { callId } = await findCall(params.callId, device.userId);
        const rows = await links.list(callId, clock.now());
        return {
          links: rows.map(({ linkId, createdAt, expiresAt, uses }) => ({
            linkId,
            createdAt,
            expiresAt,
            uses,
          })),
        };
      },
    ),
    deviceRoute(
      {
        method: 'DELETE',
        path: '/api/calls/{callId}/links/{linkId}',
        tag: 'Call links',
        summary: 'Revokes a link: nobody new comes by it',
        params: LinkParams,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, params }) => {
        const { callId } = await findCall(params.callId, device.userId);
        const { linkId } = params;
        if (!(await links.revoke(callId, linkId, clock.now()))) throw new HttpProblem('NOT_FOUND');
        await liveGroups.change(callId, { type: 'link_revoked', linkId });
      },
    ),
    publicRoute(
      {
        method: 'GET',
        path: '/api/links/{token}',
        tag: 'Call links',
        summary: 'What a call link invites to',
        params: TokenParams,
        query: Nothing,
        body: Nothing,
        response: LinkInvitation,
        perMinute: READS_PER_MINUTE,
      },
      async ({ params }) => describeCall((await findLink(params.token)).call),
    ),
    publicRoute(
      {
        method: 'POST',
        path: '/api/links/{token}/guest',
        tag: 'Signing in',
        summary: 'Signs in somebody without an account, for the call of this link only',
        params: TokenParams,
        query: Nothing,
        body: GuestSignIn,
        response: Me,
        perMinute: GUESTS_PER_MINUTE,
      },
      async ({ params, body, reply }) => {
        const { link } = await findLink(params.token);
        const now = clock.now();
        const userId = random.id();
        const user = { userId, handle: `guest-${userId.slice(0, 13)}`, name: GUEST_NAME, avatarUrl: null };
        await links.addGuest({ user, link, now });
        const deviceId = random.id();
        const token = random.token();
        const device = { deviceId, userId, name: DEVICE_NAME, kind: body.deviceKind };
        await accounts.createDevice({ ...device, tokenHash: hashToken(token), now });
        setDeviceCookie(reply, deviceId, token, settings.isSecure);
        return readMe(context, { ...device, createdAt: now, lastSeenAt: now, isGuest: true });
      },
    ),
  ];
}

function describeCall(call: GroupCall): LinkInvitation {
  const joined = call.people.filter(({ status }) => status === 'joined').length;
  const taken = call.people.filter(({ status }) => status === 'joined' || status === 'ringing').length;
  const state =
    call.state === 'ended' ? 'ended' : call.locked ? 'locked' : taken >= LIMITS.groupPeople ? 'full' : 'open';
  const host = findMember(call, call.hostId);
  return {
    title: call.title,
    hostName: host?.user.name ?? '',
    ...(host?.sealedName === undefined ? {} : { hostSealedName: host.sealedName }),
    people: joined,
    state,
  };
}
