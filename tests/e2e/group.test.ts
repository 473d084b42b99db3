import type { HistoryPage } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askServer } from '../harness/api.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

/** Each sees and hears each of the others. */
const expectAllMeet = async (people: readonly Person[]): Promise<void> => {
  for (const person of people)
    for (const other of people) {
      if (other === person) continue;
      await person.sees(other);
      await person.hears(other);
    }
};

/** One calls another, who answers; then a third is added, who answers. */
async function growToThree(ana: Person, ben: Person, chidi: Person): Promise<void> {
  await ana.call(ben);
  await ben.rings();
  await ben.tab.press('Answer');
  await Promise.all([ana.sees(ben), ben.sees(ana)]);
  await ana.addPeople([chidi]);
  await chidi.rings();
  await chidi.tab.press('Answer');
}

describe('a call of several', () => {
  it('CALL3 a call between two grows to three, and everybody sees and hears everybody', async () => {
    const [ana, ben, chidi] = [
      await stage.person('ana'),
      await stage.person('ben'),
      await stage.person('chidi'),
    ];
    await growToThree(ana, ben, chidi);
    await expectAllMeet([ana, ben, chidi]);
    await chidi.tab.press('End call');
    await until(
      'Ana sees that Chidi has left',
      async () => (await ana.tab.watch(`Video of ${chidi.name}`)) === null,
    );
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await ben.tab.press('End call');
    await ana.tab.press('End call');
    await until('Ana is back at home', () => ana.tab.hasRegion('Contacts'));
    const { entries } = await askServer<HistoryPage>(ana.tab, 'GET', '/calls');
    expect(entries).toMatchObject([{ direction: 'outgoing', outcome: 'answered', group: { title: null } }]);
  });
});
