import { demoUserId } from '@visavis/server';
import type { Person } from './person.ts';
import { until } from './until.ts';

/** Presses what this selects, once it is there. */
export const click = ({ tab }: Person, selector: string): Promise<void> =>
  until(`${selector} is there`, () =>
    tab.evaluate<boolean>(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      found?.click();
      return found !== null;
    })()`),
  );
/** Waits until what this selects is to be seen. */
export const has = ({ tab }: Person, selector: string): Promise<void> =>
  until(`${selector} is to be seen`, () =>
    tab.evaluate<boolean>(`document.querySelector(${JSON.stringify(selector)}) !== null`),
  );
/** Goes to the screen of somebody. @param handle - such as `ana` */
export const visit = ({ tab }: Person, handle: string): Promise<unknown> =>
  tab.evaluate(`location.hash = ${JSON.stringify(`#/person/${demoUserId(handle)}`)}`);

/** The number to compare, in its groups of digits, once it is there. */
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
