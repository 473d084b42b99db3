import type { Model, UserSummary } from '../../model/model.ts';

/** Somebody one knows or is in a call with. */
export function findPerson(
  { contacts, calls }: Pick<Model, 'contacts' | 'calls'>,
  userId: string,
): UserSummary | null {
  const known = contacts.state === 'ready' ? contacts.value.map(({ user }) => user) : [];
  const met = calls.flatMap(({ person, group }) => [
    person,
    ...(group?.people.map(({ user }) => user) ?? []),
  ]);
  return [...known, ...met].find((user) => user.userId === userId) ?? null;
}
