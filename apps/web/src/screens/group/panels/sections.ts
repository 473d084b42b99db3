import { LIMITS } from '@visavis/protocol';
import type { GroupPersonView } from '../../../model/groups.ts';

/** Besides oneself. */
const MOST_MEMBERS = LIMITS.groupPeople - 1;

/** GRP10: whom a group of this call would have besides oneself: who is in it, who rings, who was; as many as fit in a call. */
export function membersToKeep(people: readonly GroupPersonView[]): readonly string[] {
  const { joined, ringing, gone } = peopleSections(people);
  return [...joined, ...ringing, ...gone]
    .filter(({ isMe, guest, status }) => !isMe && !guest && status !== 'removed')
    .map(({ user }) => user.userId)
    .slice(0, MOST_MEMBERS);
}

export interface PeopleSections {
  readonly waiting: readonly GroupPersonView[];
  readonly joined: readonly GroupPersonView[];
  readonly ringing: readonly GroupPersonView[];
  readonly gone: readonly GroupPersonView[];
}

/** Hands first, in the order in which people came; everybody else in that order too. */
export function peopleSections(people: readonly GroupPersonView[]): PeopleSections {
  const by = (...wanted: readonly GroupPersonView['status'][]): readonly GroupPersonView[] =>
    people.filter(({ status }) => wanted.includes(status));
  const joined = by('joined');
  return {
    waiting: by('waiting'),
    joined: [...joined.filter(({ hand }) => hand), ...joined.filter(({ hand }) => !hand)],
    ringing: by('ringing'),
    gone: by('left', 'declined', 'missed', 'removed'),
  };
}
