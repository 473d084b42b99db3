import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleForPage, type ScriptPage, serveScript } from '../../harness/bundle.ts';
import { launchChromium, launchFirefox } from '../encryption/ends.ts';

/** RFC 8032 §7.1, tests 1 and 2: seed, then public key. */
const SECRETS = [
  '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
];
const NUMBER = '58871 47816 17401 67094 88560 52178 67910 00791 05190 12278 38056 69196';

/** A page in a profile of its own. */
interface Page {
  run<Result>(call: string): Promise<Result>;
  reload(): Promise<unknown>;
  close(): Promise<unknown>;
}

const openers: Readonly<Record<string, (url: string) => Promise<Page>>> = {
  chromium: async (url) => {
    const browser = await launchChromium();
    const tab = await browser.newPage();
    await tab.goto(url);
    return {
      run: async (call) => tab.evaluate(`identity.${call}`),
      reload: async () => tab.reload(),
      close: async () => browser.close(),
    };
  },
  firefox: async (url) => {
    const browser = await launchFirefox();
    const tab = await browser.newPage();
    await tab.goto(url);
    return {
      run: async <Result>(call: string) => tab.evaluate<[], () => Result>(`identity.${call}`),
      reload: async () => tab.reload(),
      close: async () => browser.close(),
    };
  },
};

describe.each(Object.entries(openers))('identity in %s', (_name, open) => {
  let served: ScriptPage;
  let page: Page;
  beforeAll(async () => {
    const input = fileURLToPath(new URL('./inPage.ts', import.meta.url));
    served = await serveScript(await bundleForPage(input, 'identity'));
    page = await open(served.url);
  });
  afterAll(async () => {
    await page.close();
    await served.close();
  });

  test('the store of keys does what every store of keys has to', async () => {
    const result = await page.run<{ checked: number; failed: readonly string[] }>('checkStore()');
    expect(result).toEqual({ checked: 8, failed: [] });
  });

  test('keys outlive a reload, and the identity lies nowhere as it is', async () => {
    const [secret, key] = [await page.run<string>('openIdentity()'), await page.run<string>('openDevice()')];
    expect(secret).toHaveLength(128);
    await page.reload();
    expect(await page.run('openIdentity()')).toBe(secret);
    expect(await page.run('openDevice()')).toBe(key);
    // The search finds what lies there plainly.
    expect(await page.run(`isStoredPlainly('${key}')`)).toBe(true);
    expect(await page.run(`isStoredPlainly('${secret}')`)).toBe(false);
  });

  test('an approved device makes credentials with keys that went through structured cloning', async () => {
    expect(await page.run('approveAndMeet()')).toEqual({ userId: 'ana', confirmed: true });
  });

  test('a safety number is the same as elsewhere', async () => {
    expect(await page.run(`numberOf(${JSON.stringify(SECRETS)})`)).toBe(NUMBER);
  });
});
