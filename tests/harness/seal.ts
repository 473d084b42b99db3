import type { Person } from './person.ts';
import { until } from './until.ts';

interface ShownSeal {
  readonly code: string;
  readonly devices: readonly string[];
}

/** What a window shows of the call's encryption; null while it shows no code. Opens the details for it. */
const read = (person: Person): Promise<ShownSeal | null> =>
  person.tab.evaluate<ShownSeal | null>(`(() => {
    if (document.querySelector('.seal') === null) document.querySelector('.seal-mark')?.click();
    const code = document.querySelector('.seal-code')?.textContent ?? '';
    const devices = [...document.querySelectorAll('.seal-devices li')].map(({ textContent }) => textContent);
    return code === '' ? null : { code, devices };
  })()`);

/** Waits until all of these windows, and as many devices, show the same code. @returns the code, 30 digits */
export async function agreeOnCode(people: readonly Person[]): Promise<string> {
  let shown: readonly (ShownSeal | null)[] = [];
  await until(
    `the same code at ${people.map(({ name }) => name).join(', ')}`,
    async () => {
      shown = await Promise.all(people.map(read));
      const codes = new Set(shown.map((seal) => seal?.code));
      return codes.size === 1 && shown.every((seal) => seal?.devices.length === people.length);
    },
    20_000,
  );
  return shown[0]?.code ?? '';
}

/** The devices that have the keys, as a window lists them. */
export const devicesWithKeys = async (person: Person): Promise<readonly string[]> =>
  (await read(person))?.devices ?? [];
