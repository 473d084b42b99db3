import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const controls = ({ tab }: Person): Promise<string> =>
  tab.evaluate<string>(`document.querySelector('.stage')?.dataset.controls ?? ''`);
const moveMouse = ({ tab }: Person): Promise<void> =>
  tab.evaluate(`{
    const move = new PointerEvent('pointermove', { pointerType: 'mouse', bubbles: true });
    document.querySelector('.stage').dispatchEvent(move);
  }`);

describe('the screen of a call', () => {
  it('has nothing on it but the people until the pointer moves', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await ben.sees(ana);
    await until('the controls are gone', async () => (await controls(ben)) === 'hidden');
    await moveMouse(ben);
    await until('they are back', async () => (await controls(ben)) === 'shown');
    await until('and gone again', async () => (await controls(ben)) === 'hidden');
    expect(await ben.tab.hasButton('End call')).toBe(true);
  });

  it('NEG4 while the network of one is cut both read that it is looked for', async () => {
    const ana = await stage.person('ana', { cuttable: true });
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await ana.tab.setNetwork(false);
    await Promise.all([ana.reads(/Reconnecting/), ben.reads(/Reconnecting/)]);
    await ana.tab.setNetwork(true);
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
  });
});

it('HIST1 whoever missed a call calls back from the list', async () => {
  const ana = await stage.person('ana');
  const ben = await stage.person('ben');
  await ana.call(ben);
  await ben.rings();
  await ana.tab.press('Cancel call');
  await ben.stopsRinging();
  await until('the call is in the list', () => ben.tab.hasButton(`Call ${ana.name} back`));
  await ben.tab.press(`Call ${ana.name} back`);
  await ana.rings();
  await ana.tab.press('Answer');
  await ana.sees(ben);
});
