import { until } from '../../tests/harness/until.ts';
import type { Probe } from '../lib/probe.ts';
import { pause } from '../lib/progress.ts';
import type { Desk } from '../lib/windows.ts';
import { awaitBare, offerBare, type BareOptions } from './barePeers.ts';

/** Nobody answers sooner; by then the caller's camera is open and its candidates are known. */
const RINGING_MS = 1_500;

/** ms from the press of Answer, by what happened then: at the side that answers and, as `caller.…`, at the other. */
export type Timeline = Readonly<Record<string, number>>;

/** One call of the product: answered, first picture and sound awaited, ended, both people at home again. */
export async function playProduct(caller: Desk, callee: Desk): Promise<Timeline> {
  await caller.person.call(callee.person);
  await callee.person.rings();
  await caller.person.reads('Ringing');
  await pause(RINGING_MS);
  for (const { product } of [caller, callee]) await product.evaluate(() => visavisProbe.reset());
  await callee.product.getByRole('button', { name: 'Answer', exact: true }).click();
  const timeline = await readTimeline(caller.product, callee.product);
  await caller.person.tab.press('End call');
  for (const { person } of [caller, callee]) {
    await until(`${person.name} is in no call`, async () => !(await person.isInCall()));
    if (await person.tab.hasButton('Close')) await person.tab.press('Close');
  }
  return timeline;
}

/** The same with two bare peers. */
export async function playBare(caller: Desk, callee: Desk, options: BareOptions): Promise<Timeline> {
  await callee.bare.evaluate(awaitBare, options);
  await caller.bare.evaluate(offerBare, options);
  await until('the offer is there', async () => (await callee.bare.title()) === 'ringing');
  await pause(RINGING_MS);
  for (const { bare } of [caller, callee]) await bare.evaluate(() => visavisProbe.reset());
  await callee.bare.getByRole('button', { name: 'Answer', exact: true }).click();
  const timeline = await readTimeline(caller.bare, callee.bare);
  for (const { bare } of [caller, callee]) await bare.evaluate(() => bareClose());
  return timeline;
}

async function readTimeline(caller: Desk['product'], callee: Desk['product']): Promise<Timeline> {
  await until(
    'the first picture and sound are there',
    async () => {
      const { marks } = await look(callee);
      return ['pressed', 'drawn', 'sound'].every((name) => marks[name] !== undefined);
    },
    20_000,
  );
  const [there, here] = [await look(caller), await look(callee)];
  const pressedAt = here.originMs + (here.marks['pressed'] ?? Number.NaN);
  const since = ({ marks, originMs }: Sight, prefix: string): readonly (readonly [string, number])[] =>
    Object.entries(marks).map(([name, at]) => [prefix + name, originMs + at - pressedAt]);
  return Object.fromEntries([...since(here, ''), ...since(there, 'caller.')]);
}

type Sight = Pick<Probe, 'marks' | 'originMs'>;

const look = async (page: Desk['product']): Promise<Sight> =>
  page.evaluate(() => ({ marks: { ...visavisProbe.marks }, originMs: visavisProbe.originMs }));
