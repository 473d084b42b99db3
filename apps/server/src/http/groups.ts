import { findMember, type GroupCall } from '@visavis/call';
import { Id, LIMITS, NewSavedGroup, SavedGroup, SavedGroupInput, SavedGroups } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { SavedGroupRow } from '../groupPorts.ts';
import type { HttpContext } from './context.ts';
import { findJoinedCall } from './joinedCall.ts';
import { HttpProblem } from './problem.ts';
import { deviceRoute, Nothing, type Route } from './route.ts';

const GroupParams = z.strictObject({ groupId: Id });

/** GRP10. */
export function groupRoutes({ ports, people, liveGroups }: HttpContext): Route[] {
  const { savedGroups, groups, random, clock } = ports;

  const tell = async (userIds: Iterable<string>): Promise<void> => {
    for (const userId of new Set(userIds))
      await people.notify(userId, { type: 'groups_changed', payload: {} });
  };

  /** One that this user is a member of; nobody else learns that there is one. */
  const findOwn = async (groupId: string, userId: string): Promise<SavedGroupRow> => {
    const group = await savedGroups.find(groupId);
    if (!group?.members.some((member) => member.userId === userId)) throw new HttpProblem('NOT_FOUND');
    return group;
  };
  /** Only whoever made it changes it. */
  const findOwned = async (groupId: string, userId: string): Promise<SavedGroupRow> => {
    const group = await findOwn(groupId, userId);
    if (group.ownerId !== userId) throw new HttpProblem('FORBIDDEN');
    return group;
  };

  const view = async (group: SavedGroupRow, userId: string): Promise<SavedGroup> =>
    toGroup(group, (await groups.listOngoing([group.groupId])).get(group.groupId), userId);

  return [
    deviceRoute(
      {
        method: 'GET',
        path: '/api/groups',
        tag: 'Groups',
        summary: 'The saved groups of which this user is a member, with the call that goes on in each',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: SavedGroups,
      },
      async ({ device }) => {
        const rows = await savedGroups.list(device.userId);
        const ongoing = await groups.listOngoing(rows.map(({ groupId }) => groupId));
        return { groups: rows.map((row) => toGroup(row, ongoing.get(row.groupId), device.userId)) };
      },
    ),
    deviceRoute(
      {
        method: 'POST',
        path: '/api/groups',
        tag: 'Groups',
        summary: 'Keeps a group; it shows for all its members, with the call from within which it is kept',
        params: Nothing,
        query: Nothing,
        body: NewSavedGroup,
        response: SavedGroup,
      },
      async ({ device, body }) => {
        const { userId: ownerId } = device;
        const { callId } = body;
        const call = callId === undefined ? null : await findJoinedCall(groups, callId, ownerId);
        if (call !== null && call.savedGroupId !== null)
          throw new HttpProblem('WRONG_STATE', 'the call is one of another group');
        const group = {
          groupId: random.id(),
          ownerId,
          title: body.title,
          memberIds: readMembers(ownerId, body.memberIds),
        };
        switch (await savedGroups.create({ ...group, most: LIMITS.groupsPerUser, now: clock.now() })) {
          case 'unknown_member':
            throw new HttpProblem('NOT_FOUND');
          case 'too_many':
            throw new HttpProblem('WRONG_STATE', 'no more groups can be kept');
          case 'created':
        }
        // Where the call has ended or was taken by another group meanwhile, this one is kept without it.
        if (call !== null)
          await liveGroups.change(call.callId, {
            type: 'group_saved',
            userId: ownerId,
            savedGroupId: group.groupId,
            title: group.title,
          });
        await tell(group.memberIds);
        return view(await findOwn(group.groupId, ownerId), ownerId);
      },
    ),
    deviceRoute(
      {
        method: 'PUT',
        path: '/api/groups/{groupId}',
        tag: 'Groups',
        summary: 'Gives a group of this user’s another name and other members',
        params: GroupParams,
        query: Nothing,
        body: SavedGroupInput,
        response: SavedGroup,
      },
      async ({ device, params, body }) => {
        const before = await findOwned(params.groupId, device.userId);
        const memberIds = readMembers(device.userId, body.memberIds);
        if ((await savedGroups.change(params.groupId, body.title, memberIds)) === 'unknown_member')
          throw new HttpProblem('NOT_FOUND');
        await tell([...before.members.map(({ userId }) => userId), ...memberIds]);
        return view(await findOwn(params.groupId, device.userId), device.userId);
      },
    ),
    deviceRoute(
      {
        method: 'DELETE',
        path: '/api/groups/{groupId}',
        tag: 'Groups',
        summary: 'Forgets a group of this user’s; a call of it goes on',
        params: GroupParams,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, params }) => {
        const group = await findOwned(params.groupId, device.userId);
        await savedGroups.remove(params.groupId);
        await tell(group.members.map(({ userId }) => userId));
      },
    ),
  ];
}

const toOngoing = (call: GroupCall, userId: string): SavedGroup['ongoing'] => ({
  callId: call.callId,
  startedAt: call.createdAt,
  people: call.people.filter(({ status }) => status === 'joined').map(({ user }) => user),
  joined: findMember(call, userId)?.status === 'joined',
});

const toGroup = (
  { ownerId: _owner, ...group }: SavedGroupRow,
  call: GroupCall | undefined,
  userId: string,
): SavedGroup => ({ ...group, ongoing: call === undefined ? null : toOngoing(call, userId) });

function readMembers(userId: string, memberIds: readonly string[]): readonly string[] {
  const members = [...new Set([userId, ...memberIds])];
  if (members.length < 2) throw new HttpProblem('BAD_MESSAGE', 'a group has somebody else in it');
  return members;
}
