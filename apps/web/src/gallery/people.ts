import { drawAvatar, PEOPLE } from '@visavis/characters';
import type { Contact, UserSummary } from '../model/model.ts';

export const NOW = Date.now();
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const users: readonly UserSummary[] = PEOPLE.map((person, index) => ({
  userId: `00000000-0000-4000-8000-00000000000${index}`,
  handle: person.id,
  name: person.name,
  avatarUrl: `data:image/svg+xml,${encodeURIComponent(drawAvatar(person))}`,
}));

export function user(index: number): UserSummary {
  const found = users[index];
  if (found === undefined) throw new Error(`There is nobody number ${index}`);
  return found;
}

const SEEN_MS = [0, 0, 0, 22 * MINUTE, 0, 3 * HOUR, 30 * HOUR, 0, 5 * 24 * HOUR, 0];

export const contacts: readonly Contact[] = users.slice(1).map((user, index) => {
  const seenMs = SEEN_MS[index + 1] ?? 0;
  return {
    user,
    presence: index === 3 ? 'busy' : seenMs === 0 ? 'online' : 'offline',
    lastSeenAt: seenMs === 0 ? NOW : NOW - seenMs,
    favourite: index === 1 || index === 5,
    blocked: false,
  };
});
