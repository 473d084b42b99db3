import { refuse, done, putMember, unchanged } from './change.ts';
import { send } from './effects.ts';
import { findMember, joinedOf } from './find.ts';
import { admit } from './join.ts';
import { expel } from './leave.ts';
import { settle } from './settle.ts';
import type { GroupActorEvent, GroupStep, LiveGroup } from './types.ts';

export type HostEvent = Extract<
  GroupActorEvent,
  { type: 'person_removed' | 'person_admitted' | 'locked' | 'media_asked' }
>;

/** GRP5, GRP6: what only the host may do. */
export function stepHost(call: LiveGroup, event: HostEvent, userId: string, now: number): GroupStep {
  if (userId !== call.hostId) return refuse(call, 'FORBIDDEN');
  switch (event.type) {
    case 'person_removed': {
      const member = findMember(call, event.userId);
      if (member === undefined || event.userId === userId)
        return refuse(call, member === undefined ? 'NOT_FOUND' : 'WRONG_STATE');
      return member.status === 'removed' ? unchanged(call) : expel(call, member, 'removed', now);
    }
    case 'person_admitted': {
      const member = findMember(call, event.userId);
      if (member === undefined) return refuse(call, 'NOT_FOUND');
      if (member.status === 'waiting')
        return event.admit ? admit(call, member, now) : expel(call, member, 'not_admitted', now);
      // A repeat of what was done.
      if (member.status === (event.admit ? 'joined' : 'removed')) return unchanged(call);
      // Whoever was removed may come back after all.
      if (member.status === 'removed')
        return settle(call, putMember(call, { ...member, status: 'left' }), {}, now);
      return refuse(call, 'WRONG_STATE');
    }
    case 'locked':
      return event.locked === call.locked
        ? unchanged(call)
        : settle(call, { ...call, locked: event.locked }, {}, now);
    case 'media_asked':
      return askMedia(call, event, userId);
  }
}

function askMedia(
  call: LiveGroup,
  event: Extract<HostEvent, { type: 'media_asked' }>,
  hostId: string,
): GroupStep {
  const asked = joinedOf(call).filter(({ device }) =>
    event.userId === null ? device.userId !== hostId : device.userId === event.userId,
  );
  if (asked.length === 0 && event.userId !== null) return refuse(call, 'WRONG_STATE');
  const payload = { ask: event.ask, by: hostId };
  return done(
    call,
    asked.map(({ device }) => send(device.deviceId, { type: 'media_asked', callId: call.callId, payload })),
  );
}
