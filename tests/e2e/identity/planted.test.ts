import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChromium, type ChromiumBrowser } from '../../harness/chromium.ts';
import { createPerson, type Person } from '../../harness/person.ts';
import { agreeOnCode } from '../../harness/seal.ts';
import { startServer, type RunningServer } from '../../harness/server.ts';
import { until } from '../../harness/until.ts';
import { type Place, type Secret, WRITINGS, findSecrets } from './search.ts';

/*
 * Every secret that pages and crypto workers give to WebCrypto or get from it is noted, and then looked for everywhere: what the
 * server printed and stored, what went over the network, what the browser keeps, what pages show and say.
 */

/** Public halves, and what is derived from public things (safety numbers: PBKDF2), are no secrets. */
const HOOK = `((note) => {
  const nameOf = (algorithm) => (typeof algorithm === 'string' ? algorithm : algorithm.name);
  const say = (what, bytes) => note(what, [...new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength)]);
  const prototype = SubtleCrypto.prototype;
  const { importKey, exportKey, deriveBits } = prototype;
  prototype.importKey = function (format, data, algorithm, ...rest) {
    const name = nameOf(algorithm);
    const isPublic = format === 'spki' || name === 'PBKDF2' || (format === 'raw' && /25519/.test(name));
    if (format === 'pkcs8') say('seed for ' + name, new Uint8Array(data).slice(-32));
    else if (format === 'jwk' && data.d !== undefined) say('seed for ' + name, Uint8Array.from(atob(data.d.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0)));
    else if (format !== 'jwk' && !isPublic) say('key for ' + name, data);
    return importKey.call(this, format, data, algorithm, ...rest);
  };
  prototype.exportKey = async function (format, key) {
    const exported = await exportKey.call(this, format, key);
    if (key.type === 'public') return exported;
    if (format === 'pkcs8') say('exported seed', new Uint8Array(exported).slice(-32));
    else if (format === 'raw') say('exported key', exported);
    return exported;
  };
  prototype.deriveBits = async function (algorithm, ...rest) {
    const derived = await deriveBits.call(this, algorithm, ...rest);
    if (nameOf(algorithm) !== 'PBKDF2') say('derived by ' + nameOf(algorithm), derived);
    return derived;
  };
})`;
const IN_PAGE = `globalThis.testSecrets = [];
${HOOK}((what, bytes) => testSecrets.push(['page: ' + what, bytes]));
new BroadcastChannel('test secrets').onmessage = ({ data }) => testSecrets.push(data);`;
const IN_WORKER = `${HOOK}((what, bytes) => (globalThis.testChannel ??= new BroadcastChannel('test secrets')).postMessage(['worker: ' + what, bytes]));\n`;

/** All that a page keeps; keys that can be exported are exported. */
const DUMP = `(async () => {
  const texts = [location.href, document.cookie, document.documentElement.outerHTML];
  for (const storage of [localStorage, sessionStorage]) for (const [name, value] of Object.entries(storage)) texts.push(name, value);
  const walk = async (value) => {
    if (value instanceof CryptoKey) {
      if (value.extractable && value.type !== 'public') texts.push('exported ' + [...new Uint8Array(await crypto.subtle.exportKey(value.type === 'secret' ? 'raw' : 'pkcs8', value))].join());
    } else if (value instanceof ArrayBuffer) texts.push([...new Uint8Array(value)].join());
    else if (ArrayBuffer.isView(value)) texts.push([...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)].join());
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) await walk(inner);
    else texts.push(String(value));
  };
  const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  let entries = 0;
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      for (const value of await done(database.transaction(store).objectStore(store).getAll())) { entries += 1; await walk(value); }
    }
    database.close();
  }
  return { entries, text: texts.join('\\n') };
})()`;

let data: string;
let server: RunningServer;
let browser: ChromiumBrowser;
const heard: string[] = [];
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'visavis-planted-'));
  server = await startServer({ env: { VISAVIS_DATA: data, VISAVIS_LOG_LEVEL: 'debug' } });
  browser = await startChromium({ person: 'ana', camera: 'sparser' });
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
  await rm(data, { recursive: true, force: true });
});

const note = ({ payload }: { readonly payload: string | Buffer }): void =>
  void heard.push(payload.toString());

/** A window with hooks in its page and its workers, of which everything that leaves it is noted. */
async function open(handle: string): Promise<{ person: Person; page: Page }> {
  const tab = await browser.newTab();
  const page = browser.browser.contexts().at(-1)?.pages()[0] ?? expect.fail('no page');
  await page.addInitScript({ content: IN_PAGE });
  // Workers are given no script before their own: it is put in front of it.
  await page.route(/worker.*\.js$/i, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: IN_WORKER + (await response.text()) });
  });
  page.on('request', (request) => heard.push(request.url(), request.postData() ?? ''));
  page.on('websocket', (socket) => {
    socket.on('framesent', note);
    socket.on('framereceived', note);
  });
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', (error) => heard.push(error.stack ?? error.message));
  const person = createPerson(tab, handle);
  await person.signIn(server.url);
  return { person, page };
}

async function readFolder(folder: string): Promise<readonly Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({
      name: `the server's ${file.slice(folder.length)}`,
      content: await readFile(file),
    })),
  );
}

it('no secret of an identity, a device, a leaf or an epoch is anywhere but in the browser that has it', async () => {
  const [ana, ben] = [await open('ana'), await open('ben')];
  await ana.person.call(ben.person);
  await ben.person.rings();
  await ben.person.tab.press('Answer');
  await agreeOnCode([ana.person, ben.person]);
  await ana.person.tab.press('End call');
  await until(
    'both are out of the call',
    async () => !(await ana.person.isInCall()) && !(await ben.person.isInCall()),
  );

  const secrets = new Map<string, Secret>();
  const places: Place[] = [];
  for (const { page, person } of [ana, ben]) {
    const noted = await page.evaluate<readonly (readonly [string, readonly number[]])[]>('testSecrets');
    for (const [what, numbers] of noted) {
      const bytes = Buffer.from(numbers);
      // Labels and zeros that are given as keys are known to everybody.
      if (bytes.length >= 16 && new Set(bytes).size > 8) secrets.set(bytes.toString('hex'), { what, bytes });
    }
    const { entries, text } = await page.evaluate<{ entries: number; text: string }>(DUMP);
    expect(entries).toBeGreaterThan(0);
    places.push({ name: `what ${person.name}'s browser keeps and shows`, content: Buffer.from(text) });
  }
  places.push({ name: 'what left the pages', content: Buffer.from(heard.join('\n')) });
  await server.stop();
  places.push(
    { name: 'what the server printed', content: Buffer.from(server.output()) },
    ...(await readFolder(data)),
  );

  const all = [...secrets.values()];
  const kinds = all.map(({ what }) => what);
  process.stdout.write(
    `${all.length} secrets in ${places.length} places: ${JSON.stringify(Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((each) => each === kind).length])))}\n`,
  );
  expect(kinds.some((kind) => kind.startsWith('worker: key for HKDF'))).toBe(true);
  expect(kinds.some((kind) => kind.includes('seed'))).toBe(true);
  expect(heard.join('\n')).toContain('join_keys');
  expect(findSecrets(places, all)).toEqual([]);

  // The search finds what is there, however it is written and wherever it begins.
  for (const { name, write } of WRITINGS) {
    const content = Buffer.concat([
      Buffer.from('noise '),
      write(all[0]?.bytes ?? expect.fail()),
      Buffer.from(' more'),
    ]);
    expect(findSecrets([{ name: 'here', content }], all.slice(0, 1)), name).not.toEqual([]);
  }
});
