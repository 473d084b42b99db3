import type { GroupPersonView } from '../../../model/groups.ts';

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
