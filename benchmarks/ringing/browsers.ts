import { startServer } from '../../tests/harness/server.ts';
import { until } from '../../tests/harness/until.ts';
import type { Probe } from '../lib/probe.ts';
import { measureQuietly } from '../lib/progress.ts';
import { openDesk, type Desk } from '../lib/windows.ts';

type Sight = Pick<Probe, 'marks' | 'originMs'>;

/** ms from the press at the caller. */
export interface BrowserTimes {
  readonly dialSent: number;
  readonly ringReceived: number;
  /** The overlay is in the other device's page. */
  readonly incoming: number;
}

/** Dials between two browsers, in turns, each beside a press whose frame goes through the relay to a bare page. */
export async function measureBrowsers(
  relayUrl: string,
  rounds: number,
): Promise<{ product: readonly BrowserTimes[]; bare: readonly number[]; idle: readonly number[] }> {
  const server = await startServer();
  const ana = await openDesk('ana', server.url, relayUrl);
  const ben = await openDesk('ben', server.url, relayUrl);
  const product: BrowserTimes[] = [];
  const bare: number[] = [];
  const idle: number[] = [];
  try {
    for (const desk of [ana, ben])
      await desk.bare.evaluate(openBare, `${relayUrl.replace('http', 'ws')}/?room=browsers`);
    for (let round = 0; round < rounds; round += 1) {
      // In turns, because one device may dial ten times a minute.
      for (const [caller, callee] of [
        [ana, ben],
        [ben, ana],
      ] as const) {
        const measured = await measureQuietly(async () => ({
          product: await dial(caller, callee),
          bare: await dialBare(caller, callee),
        }));
        // The first dial loads the code of the call screens.
        if (round === 0) continue;
        product.push(measured.value.product);
        bare.push(measured.value.bare);
        idle.push(measured.idle);
      }
    }
  } finally {
    await Promise.all([ana.close(), ben.close()]);
    await server.dispose();
  }
  return { product, bare, idle };
}

async function dial(caller: Desk, callee: Desk): Promise<BrowserTimes> {
  for (const { product } of [caller, callee]) await product.evaluate(() => visavisProbe.reset());
  await caller.product
    .getByRole('button', { name: `Video call ${callee.person.name}`, exact: true })
    .first()
    .click();
  await callee.person.rings();
  const [here, there] = await look(caller.product, callee.product);
  await caller.person.tab.press('Cancel call');
  await callee.person.stopsRinging();
  for (const { person } of [caller, callee]) {
    await until(`${person.name} is in no call`, async () => !(await person.isInCall()));
    for (const name of ['Close', 'Dismiss'])
      if (await person.tab.hasButton(name)) await person.tab.press(name);
  }
  const pressedAt = here.originMs + at(here, 'pressed');
  const since = (sight: Sight, name: string): number => sight.originMs + at(sight, name) - pressedAt;
  return {
    dialSent: since(here, 'dialSent'),
    ringReceived: since(there, 'ringReceived'),
    incoming: since(there, 'incoming'),
  };
}

async function dialBare(caller: Desk, callee: Desk): Promise<number> {
  for (const { bare } of [caller, callee]) await bare.evaluate(() => visavisProbe.reset());
  await caller.bare.getByRole('button', { name: 'Dial' }).click();
  await until('the frame is there', () =>
    callee.bare.evaluate(() => visavisProbe.marks['ringReceived'] !== undefined),
  );
  const [here, there] = await look(caller.bare, callee.bare);
  return there.originMs + at(there, 'ringReceived') - here.originMs - at(here, 'pressed');
}

const look = async (...pages: readonly Desk['bare'][]): Promise<readonly [Sight, Sight]> => {
  const [here, there] = await Promise.all(
    pages.map((page) =>
      page.evaluate(() => ({ marks: { ...visavisProbe.marks }, originMs: visavisProbe.originMs })),
    ),
  );
  if (here === undefined || there === undefined) throw new Error('a page is missing');
  return [here, there];
};

function at({ marks }: Sight, name: string): number {
  const mark = marks[name];
  if (mark === undefined) throw new Error(`the page has not seen: ${name}`);
  return mark;
}

/** Runs in the bare page: a press of Dial sends one frame. */
async function openBare(url: string): Promise<void> {
  const socket = new WebSocket(url);
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve);
  });
  const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Dial');
  button?.addEventListener('click', () =>
    socket.send(JSON.stringify({ type: 'ring', filler: 'x'.repeat(200) })),
  );
}
