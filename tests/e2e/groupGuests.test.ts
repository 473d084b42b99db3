import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { mediaWorker } from '../harness/mediaWorker.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { devicesWithKeys } from '../harness/seal.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage({ tapped: true, env: { VISAVIS_MEDIA_WORKER_BIN: mediaWorker() } });
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const LONG_MS = 240_000;

/** Ana begins a group call with Ben, who answers, and makes a link for guests. */
async function callWithLink(): Promise<{
  readonly ana: Person;
  readonly ben: Person;
  readonly link: string;
}> {
  const ana = await stage.person('ana');
  const ben = await stage.person('ben', { firefox: true });
  await ana.tab.press('New group call');
  await ana.tab.check(ben.name);
  await ana.tab.press('Audio');
  await ben.rings();
  await ben.tab.press('Answer');
  await Promise.all([ana.hears(ben), ben.hears(ana)]);
  await ana.tab.press('People');
  await ana.tab.press('Make a link');
  let link = '';
  await until('there is a link', async () => {
    link = await ana.tab.evaluate<string>(
      `document.querySelector('input[aria-label="Link for guests"]')?.value ?? ''`,
    );
    return link !== '';
  });
  return { ana, ben, link };
}

/** From now on, as if this page had been refused camera and microphone. */
const BLOCK_DEVICES = `navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException('denied', 'NotAllowedError'))`;

/** Somebody without an account opens the link, says a name, mutes and asks to be let in. */
async function knock(guest: Person, link: string, name: string): Promise<void> {
  await guest.tab.open(link);
  // The link of before may differ only behind the #, for which no page is loaded anew.
  await guest.tab.reload();
  await until('the guest is asked for a name', () =>
    guest.tab.evaluate<boolean>(`(() => {
      const field = [...document.querySelectorAll('label')]
        .find((one) => one.textContent.includes('Your name'))?.querySelector('input') ?? document.querySelector('input');
      if (field === null) return false;
      const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
      set.call(field, ${JSON.stringify(name)});
      field.dispatchEvent(new Event('input', { bubbles: true }));
      return true;
    })()`),
  );
  await guest.tab.press('Mute');
  await guest.tab.press('Join');
  await until('the guest waits', () => guest.tab.hasRegion('Waiting room'));
}

/** Writes a line in the chat, which is open. */
async function write(person: Person, text: string): Promise<void> {
  await until('there is a field to write in', () =>
    person.tab.evaluate<boolean>(`(() => {
      const field = document.querySelector('.chat-form textarea');
      if (field === null) return false;
      const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
      set.call(field, ${JSON.stringify(text)});
      field.dispatchEvent(new Event('input', { bubbles: true }));
      return true;
    })()`),
  );
  await person.tab.press('Send');
}

/** Waits until the chat of the one has this line of the other. */
const readsLine = (person: Person, name: string, text: string): Promise<void> =>
  until(`${person.name} reads what ${name} wrote`, () =>
    person.tab.evaluate<boolean>(`[...document.querySelectorAll('.chat-block')].some((block) =>
      block.querySelector('.chat-who strong')?.textContent === ${JSON.stringify(name)} &&
      [...block.querySelectorAll('.chat-line:not([data-state=failed]) .chat-text')]
        .some(({ textContent }) => textContent === ${JSON.stringify(text)}))`),
  );

it(
  'GRP6 GRP7 a wrong link opens nothing; with the right one a guest waits, is denied, asks again, is let in, heard and read, by name, also in Firefox; a page that is reloaded reads what was said meanwhile',
  { timeout: LONG_MS },
  async () => {
    const { ana, ben, link } = await callWithLink();
    const guest = await stage.window('chidi');
    await guest.tab.open(link.replace(/.{6}$/, 'AAAAAA'));
    await guest.reads('This link doesn’t work any more');

    await guest.tab.open(link);
    await guest.tab.reload();
    const seesOneself = `document.querySelector('.invited-picture video[data-shown]') !== null`;
    await until('the guest sees what the others would', () => guest.tab.evaluate<boolean>(seesOneself));
    await guest.tab.press('Turn camera off');
    await guest.tab.evaluate(BLOCK_DEVICES);
    await guest.tab.press('Turn camera on');
    await guest.reads('Camera and microphone are blocked for this page');
    for (const name of ['Turn camera on', 'Unmute'])
      await until(`the guest is offered: ${name}`, () => guest.tab.hasButton(name));
    await guest.reads('You join muted and without a picture.');

    await knock(guest, link, 'Mallory');
    await ana.reads('Waiting to be let in');
    await ana.tab.press('Deny Mallory');
    await guest.reads('You weren’t let in');
    expect(await guest.isInCall()).toBe(false);

    await knock(guest, link, 'Dora');
    await guest.tab.reload();
    await until('the guest waits on', () => guest.tab.hasRegion('Waiting room'));
    await until('the guest is muted as before', () => guest.tab.hasButton('Unmute'));
    await ana.tab.press('Admit Dora');
    await until('the guest is in the call', () => guest.isInCall());
    await until('the guest is muted', () => guest.tab.hasButton('Unmute'));
    await guest.tab.press('Unmute');
    const dora = { ...guest, name: 'Dora' };
    for (const person of [ana, ben]) await person.hears(dora);
    for (const person of [ana, ben]) await guest.hears(person);

    for (const person of [ana, ben])
      await until(`${person.name} knows that Dora came by the link`, async () =>
        (await devicesWithKeys(person)).some(
          (device) => device.startsWith('Dora') && device.includes('came by a link'),
        ),
      );
    for (const person of [guest, ben, ana]) await person.tab.press('Chat');
    await write(guest, 'Dora says hello');
    for (const person of [ana, ben]) await readsLine(person, 'Dora', 'Dora says hello');
    await write(ben, 'Welcome, Dora');
    for (const person of [ana, guest]) await readsLine(person, ben.name, 'Welcome, Dora');

    for (const [back, name, own, others] of [
      [guest, 'Dora', 'Dora says hello', [ana, ben]],
      [ben, ben.name, 'Welcome, Dora', [ana, guest]],
    ] as const) {
      const lines = others.map((other) => [other, `${other.name} while ${name} is away`] as const);
      await Promise.all([back.tab.reload(), ...lines.map(async ([other, text]) => write(other, text))]);
      await until(`${name} is back`, () => back.isInCall());
      await back.tab.press('Chat');
      // What was said before is kept by the window; these come from their senders, or came just before the page went.
      await readsLine(back, 'You', own);
      for (const [other, text] of lines) await readsLine(back, other === guest ? 'Dora' : other.name, text);
      for (const other of others) expect(await other.tab.text()).not.toContain('may have missed this');
    }

    await guest.tab.press('End call');
    await guest.reads('You’ve left the call');
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
  },
);
