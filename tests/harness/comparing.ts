import { demoUserId } from '@visavis/server';
import type { Person } from './person.ts';
import { until } from './until.ts';

/** Presses what is found, once it is there. */
export const click = ({ tab }: Person, selector: string): Promise<void> =>
  until(`${selector} is there`, () =>
    tab.evaluate<boolean>(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      found?.click();
      return found !== null;
    })()`),
  );

/** Opens the screen of a person. */
export const visit = ({ tab }: Person, handle: string): Promise<unknown> =>
  tab.evaluate(`location.hash = ${JSON.stringify(`#/person/${demoUserId(handle)}`)}`);

/** The safety number that is shown, in its groups of digits. */
export async function readNumber({ tab, name }: Person): Promise<readonly string[]> {
  let groups: readonly string[] = [];
  await until(`${name} has a number to compare`, async () => {
    groups = await tab.evaluate<string[]>(
      `[...document.querySelectorAll('.compare-number span')].map(({ textContent }) => textContent)`,
    );
    return groups.length > 0;
  });
  return groups;
}
