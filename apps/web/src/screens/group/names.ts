import type { GroupPersonView } from '../../model/groups.ts';
import type { CallView, UserSummary } from '../../model/model.ts';
import { words } from '../../words/index.ts';

const isIn = ({ status }: GroupPersonView): boolean => status === 'joined' || status === 'ringing';

/** The others of a group call: who is in it or rings; all who were, once nobody is. */
export function othersOf(call: Pick<CallView, 'group' | 'person'>): readonly UserSummary[] {
  const others = (call.group?.people ?? []).filter(({ isMe }) => !isMe);
  const present = others.filter(isIn);
  const shown = (present.length > 0 ? present : others).map(({ user }) => user);
  return shown.length > 0 ? shown : [call.person];
}

/** What a call is called in a line: the other person, the group, or its people. */
export function callTitle(call: Pick<CallView, 'group' | 'person'>): string {
  if (call.group === null) return call.person.name;
  return words.groups.callName(
    call.group.title,
    othersOf(call).map(({ name }) => name),
  );
}

/** How many have a place in it: who is in it or rings. */
export const takenPlaces = (people: readonly GroupPersonView[]): number => people.filter(isIn).length;
