import type { GroupCallView } from '../../model/groups.ts';
import { words } from '../../words/index.ts';

const say = words.groups.announce;

/** In a call of many somebody always comes or goes: from here on only what is addressed to all is read out. */
const MOST_FOR_COMINGS = 8;
const MOST_CHARACTERS = 160;

interface Others {
  readonly joined: ReadonlyMap<string, string>;
  readonly hands: ReadonlyMap<string, string>;
  readonly waiting: ReadonlyMap<string, string>;
}

function othersIn({ people }: GroupCallView): Others {
  const named = (wanted: (person: GroupCallView['people'][number]) => boolean): Map<string, string> =>
    new Map(
      people
        .filter((person) => !person.isMe && wanted(person))
        .map(({ user }) => [user.userId, user.name] as const),
    );
  return {
    joined: named(({ status }) => status === 'joined'),
    hands: named(({ status, hand }) => status === 'joined' && hand),
    waiting: named(({ status }) => status === 'waiting'),
  };
}

const screensIn = ({ screens }: GroupCallView): Map<string, string> =>
  new Map(screens.filter(({ isMe }) => !isMe).map(({ id, name }) => [id, name] as const));

const added = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] =>
  [...after].filter(([id]) => !before.has(id)).map(([, name]) => name);

/** What a screen reader is told, politely, about the step of a group call from one moment to the next. */
export function groupNews(before: GroupCallView, after: GroupCallView): readonly string[] {
  if (before === after) return [];
  const news: string[] = [];
  if (before.people !== after.people) {
    const [old, now] = [othersIn(before), othersIn(after)];
    if (Math.max(old.joined.size, now.joined.size) < MOST_FOR_COMINGS) {
      news.push(...added(old.joined, now.joined).map(say.joined));
      news.push(...added(now.joined, old.joined).map(say.left));
    }
    news.push(...added(old.hands, now.hands).map(say.hand));
    if (after.isHost) news.push(...added(old.waiting, now.waiting).map(say.waits));
  }
  if (before.screens !== after.screens) {
    const [old, now] = [screensIn(before), screensIn(after)];
    news.push(...added(old, now).map(say.shares));
    news.push(...added(now, old).map(say.stopped));
  }
  if (before.chat !== after.chat) {
    const known = new Set(before.chat.map(({ id }) => id));
    for (const { id, isMe, isKept, name, text } of after.chat) {
      if (!isMe && isKept !== true && !known.has(id))
        news.push(words.groups.chat.announce(name, text.slice(0, MOST_CHARACTERS)));
    }
  }
  return news;
}
