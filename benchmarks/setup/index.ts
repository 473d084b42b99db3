import { startServer } from '../../tests/harness/server.ts';
import { measureQuietly } from '../lib/progress.ts';
import { startRelay } from '../lib/relay.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, ratiosOf, spreadOf } from '../lib/statistics.ts';
import { openDesk } from '../lib/windows.ts';
import { playBare, playProduct, type Timeline } from './rounds.ts';

const STEPS: readonly (readonly [string, string])[] = [
  ['answerSent', 'answer_call sent'],
  ['answerAccepted', 'answer_call accepted, offer in hand'],
  ['cameraOpened', 'own camera open'],
  ['descriptionSent', 'own description sent'],
  ['caller.callAnswered', 'the caller reads that it is answered'],
  ['caller.descriptionReceived', 'the caller has the description'],
  ['caller.descriptionApplied', 'the caller has applied it'],
  ['iceConnected', 'path found'],
  ['connected', 'connected (DTLS)'],
  ['sound', 'first sound'],
  ['drawn', 'first picture drawn'],
];

const series = (timelines: readonly Timeline[], name: string): readonly number[] =>
  timelines.flatMap((timeline) => timeline[name] ?? []);

/** Press of Answer to first remote picture drawn: the product beside two bare peers in the same browsers. */
export async function benchmarkSetup(rounds: number): Promise<Result> {
  const relay = await startRelay();
  const server = await startServer();
  const ana = await openDesk('ana', server.url, relay.url);
  const ben = await openDesk('ben', server.url, relay.url);
  const product: Timeline[] = [];
  const bare: Timeline[] = [];
  const bareOneWay: Timeline[] = [];
  const idle: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const room = `${relay.url.replace('http', 'ws')}/?room=setup${round}`;
      const measured = await measureQuietly(async () => [
        await playProduct(ana, ben),
        await playBare(ana, ben, { url: room, sendsBack: true }),
        await playBare(ana, ben, { url: `${room}-oneway`, sendsBack: false }),
      ]);
      const [one, two, three] = measured.value;
      // The first round opens encoders, decoders and code for the first time.
      if (round === 0 || one === undefined || two === undefined || three === undefined) continue;
      product.push(one);
      bare.push(two);
      bareOneWay.push(three);
      idle.push(measured.idle);
    }
  } finally {
    await Promise.all([ana.close(), ben.close()]);
    await server.dispose();
    await relay.close();
  }
  const cell = (timelines: readonly Timeline[], name: string): string => {
    const values = series(timelines, name);
    return values.length === 0 ? '' : formatSpread(spreadOf(values));
  };
  const picture = ratiosOf(series(product, 'drawn'), series(bare, 'drawn'));
  const sound = ratiosOf(series(product, 'sound'), series(bare, 'sound'));
  return {
    name: 'setup',
    table: [
      ['ms after the press of Answer', 'Visavis', 'bare', 'bare, callee sends nothing'],
      ...STEPS.map(([name, title]) => [title, cell(product, name), cell(bare, name), cell(bareOneWay, name)]),
    ],
    notes: [
      `First picture, Visavis ÷ bare: ${formatSpread(picture, '×')}; first sound: ${formatSpread(sound, '×')}`,
      `Idle processor meanwhile: ${formatSpread(spreadOf(idle))}`,
    ],
    targets: [{ what: 'first picture, Visavis ÷ bare', limit: 1.25, measured: picture.median }],
    figures: { picture, sound, idle, product, bare, bareOneWay },
  };
}
