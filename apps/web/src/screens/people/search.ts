import type { Contact } from '../../model/model.ts';

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** Every word of the query begins a word of the name or of the handle; accents and case don't matter. */
export function matches(contact: Contact, query: string): boolean {
  const wanted = fold(query).split(/\s+/u).filter(Boolean);
  const has = [...fold(contact.user.name).split(/[\s-]+/u), fold(contact.user.handle)];
  return wanted.every((part) => has.some((word) => word.startsWith(part.replace(/^@/u, ''))));
}

export interface People {
  readonly favourites: readonly Contact[];
  readonly others: readonly Contact[];
  readonly blocked: readonly Contact[];
}

/** By name within each group, never by presence: the list stays still while people come and go. */
export function groupPeople(contacts: readonly Contact[], query: string): People {
  const found = contacts
    .filter((contact) => matches(contact, query))
    .toSorted((left, right) => left.user.name.localeCompare(right.user.name));
  return {
    favourites: found.filter((contact) => contact.favourite && !contact.blocked),
    others: found.filter((contact) => !contact.favourite && !contact.blocked),
    blocked: found.filter((contact) => contact.blocked),
  };
}
