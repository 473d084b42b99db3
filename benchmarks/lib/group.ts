import { askServer } from '../../tests/harness/api.ts';
import type { Person } from '../../tests/harness/person.ts';
import { until } from '../../tests/harness/until.ts';

/** A saved group of the demo's people, whose host can call all of it with one press: `Video call TITLE`. */
export async function saveGroup(title: string, host: Person, others: readonly Person[]): Promise<void> {
  const { people } = await askServer<{ people: { userId: string; name: string }[] }>(
    host.tab,
    'GET',
    '/demo/people',
  );
  const memberIds = others.map((other) => people.find(({ name }) => name === other.name)?.userId ?? '');
  await askServer(host.tab, 'POST', '/groups', { title, memberIds });
  await host.tab.reload();
  await until('the group is there', () => host.tab.hasButton(`Video call ${title}`));
}

/** Out of the call, and what is said of its end put away. */
export async function leaveCall(person: Person): Promise<void> {
  await person.tab.press('End call');
  await until(`${person.name} is in no call`, async () => !(await person.isInCall()));
  if (await person.tab.hasButton('Close')) await person.tab.press('Close');
}
