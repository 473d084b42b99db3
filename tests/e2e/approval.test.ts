import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../harness/person.ts';
import { agreeOnCode, devicesWithKeys } from '../harness/seal.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import type { Tab } from '../harness/tab.ts';
import { until } from '../harness/until.ts';

/*
 * Ana's devices, one after the other, each in a browser storage of its own: one test begins where the one before ended, because the
 * identity is only on the devices that have it.
 */
let stage: Stage;
let laptop: Person;
let phone: Person;
let ben: Person;
beforeAll(async () => {
  stage = await createStage();
  laptop = await stage.person('ana');
  await settingsOf(laptop);
  await laptop.reads('This device is confirmed');
  phone = await stage.person('ana');
  ben = await stage.person('ben');
});
afterAll(async () => {
  await stage.clear();
  await stage.close();
});

const settingsOf = (person: Person): Promise<void> =>
  person.tab.evaluate(`{ location.hash = '#/settings'; }`);

/** As a person types: the page hears of it. */
async function type(tab: Tab, text: string): Promise<void> {
  const field = `document.querySelector('dialog[open] input:not([type=checkbox])')`;
  await until('there is a field', () => tab.evaluate<boolean>(`${field} !== null`));
  await tab.evaluate(`{
    const field = ${field};
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, ${JSON.stringify(text)});
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }`);
}

async function digitsOf(person: Person): Promise<string> {
  const shown = /\b(?<first>\d{4}) (?<second>\d{4})\b/;
  await person.reads(shown);
  const { first = '', second = '' } = shown.exec(await person.tab.text())?.groups ?? {};
  return first + second;
}

async function goByDigits(asked: Person, asks: Person): Promise<string> {
  await asked.tab.press('Confirm it');
  await asked.tab.press('Type digits');
  return digitsOf(asks);
}

/** What one window shows as a QR code comes before the camera of the other. */
async function holdBefore(shower: Person, viewer: Person): Promise<void> {
  const svg = `document.querySelector('dialog[open] svg.qr-code')`;
  await until('a code is drawn', () => shower.tab.evaluate<boolean>(`${svg}?.querySelector('path') != null`));
  const code = await shower.tab.evaluate<{ path: string; size: number }>(`({
    path: ${svg}.querySelector('path').getAttribute('d'),
    size: ${svg}.viewBox.baseVal.width,
  })`);
  await viewer.tab.evaluate(`{
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 640 });
    const draw = () => {
      const context = canvas.getContext('2d');
      context.resetTransform();
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 640, 640);
      context.setTransform(${480 / code.size}, 0, 0, ${480 / code.size}, 80, 80);
      context.fillStyle = '#000';
      context.fill(new Path2D(${JSON.stringify(code.path)}));
    };
    draw();
    // A stream has a picture when something is drawn.
    setInterval(draw, 100);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
  }`);
}

/** The phone calls Ben, who looks at the devices that have the keys. */
async function devicesSeenByBen(): Promise<readonly string[]> {
  await phone.call(ben, 'Audio');
  await ben.rings();
  await ben.tab.press('Answer');
  await agreeOnCode([ben, phone]);
  const devices = await devicesWithKeys(ben);
  await phone.tab.press('End call');
  // What is said after a call covers everything else.
  for (const person of [phone, ben]) {
    await until('the call is over', async () => !(await person.isInCall()));
    await person.tab.press('Close');
  }
  expect(devices).toHaveLength(2);
  return devices;
}

describe('a person’s devices', () => {
  it('a device that nobody has confirmed is shown so to whom it calls', async () => {
    const devices = await devicesSeenByBen();
    expect(devices.filter((each) => each.includes('Not confirmed'))).toHaveLength(1);
  });

  it('IDN4 wrong digits confirm nothing; the right ones, and a look at the other device, do', async () => {
    await phone.tab.press('Confirm');
    const digits = await goByDigits(laptop, phone);
    await type(laptop.tab, (digits.startsWith('0') ? '1' : '0') + digits.slice(1));
    await laptop.tab.press('Confirm');
    await laptop.reads('These are not the digits');
    await phone.reads('The digits didn’t match');
    await laptop.tab.press('Close');
    await phone.tab.press('Try again');
    const again = await goByDigits(laptop, phone);
    expect(again).not.toBe(digits);
    await type(laptop.tab, again);
    await laptop.tab.press('Confirm');
    await laptop.reads('The digits are right');
    await phone.tab.press('Yes, it does');
    await phone.reads('This device is confirmed');
    await laptop.reads(/” is confirmed/);
    await laptop.tab.press('Done');
    await phone.tab.press('Done');
    await settingsOf(phone);
    await until('both are listed as confirmed', async () => {
      const listed = (await phone.tab.text()).match(/· (?:Confirmed|Not confirmed)/g);
      return listed?.length === 2 && listed.every((each) => each === '· Confirmed');
    });
  });

  it('whom Ana talks to then sees the device as hers, without a reload', async () => {
    const devices = await devicesSeenByBen();
    expect(devices.join()).not.toContain('Not confirmed');
  });

  it('IDN4 a device that was refused is not confirmed, until one looks at its screen', async () => {
    const tablet = await stage.person('ana');
    await tablet.tab.press('Confirm');
    await laptop.tab.press('That wasn’t me');
    await tablet.reads('It was refused');
    await laptop.reads(/Still, somebody is signed in on it as you/);
    await laptop.tab.press('Leave it signed in');
    await tablet.tab.press('Try again');
    await holdBefore(tablet, laptop);
    await laptop.tab.press('Confirm it');
    await laptop.tab.press('Scan its code');
    await laptop.reads(/” is confirmed/);
    await tablet.reads('This device is confirmed');
    await laptop.tab.press('Done');
  });

  it('IDN5 a recovery code confirms a device, and a mistyped one says so before it is tried', async () => {
    await settingsOf(laptop);
    await laptop.tab.press('Make a code');
    await laptop.tab.press('Make it now');
    await laptop.reads('Your recovery code');
    const groups = await laptop.tab.evaluate<string[]>(
      `[...document.querySelectorAll('.recovery-code li')].map((group) => group.textContent)`,
    );
    expect(groups).toHaveLength(9);
    await laptop.tab.check('I have kept it');
    await laptop.tab.press('Done');
    await laptop.reads(/Made on/);
    const desk = await stage.person('ana');
    await settingsOf(desk);
    await desk.tab.press('Use recovery code');
    const code = groups.join(' ').toLowerCase();
    await type(desk.tab, (code.startsWith('7') ? '8' : '7') + code.slice(1));
    await desk.reads('Some letter of it is wrong');
    await type(desk.tab, code);
    await desk.tab.press('Use this code');
    await desk.reads('This device is confirmed');
  });
});
