import { measure } from '../lib/progress.ts';
import type { Result, Target } from '../lib/results.ts';
import { formatSpread, quantile, spreadOf } from '../lib/statistics.ts';
import { type DropFigures, type LossFigures, playDrop, playLoss } from './rounds.ts';
import { openStage } from './sides.ts';

const LOSSES = [0.05, 0.1, 0.2, 0.3] as const;
const RATES = [500_000, 250_000] as const;
/** Most share of sound that is made up, and of the time that the picture stands still. */
const MOST_CONCEALED: Readonly<Record<number, number>> = { 0.05: 0.01, 0.1: 0.02, 0.2: 0.06, 0.3: 0.12 };
const MOST_FROZEN: Readonly<Record<number, number>> = { 0.1: 0.005, 0.2: 0.03, 0.3: 0.1 };
const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);

const SIDES = ['stock', 'visavis'] as const;
type Side = (typeof SIDES)[number];
type Series<Figures> = Record<Side, Map<number, Figures[]>>;

/** Which parts are played: a part alone is quick to try. */
const PARTS = (process.env['VISAVIS_LOSS'] ?? 'loss,rate').split(',');
const WHICH = (process.env['VISAVIS_LOSS_SIDES'] ?? 'stock,visavis').split(',');
const SHARES = process.env['VISAVIS_LOSS_SHARES']?.split(',').map(Number) ?? LOSSES;

const add = <Figures>(series: Map<number, Figures[]>, key: number, figures: Figures): void => {
  series.set(key, [...(series.get(key) ?? []), figures]);
};

const ratio = (one: readonly number[], other: readonly number[]): string =>
  one.length === 0 || other.length === 0 || quantile(other, 0.5) === 0
    ? ''
    : `${(quantile(one, 0.5) / quantile(other, 0.5)).toFixed(2)}×`;

const middle = (values: readonly number[]): number => Number(quantile(values, 0.5).toFixed(4));

/** Calls over a path that loses packets, or narrows: the product, and two bare Chromium pages, over the same losses. */
export async function benchmarkLoss(rounds: number): Promise<Result> {
  const stage = await openStage();
  const losses: Series<LossFigures> = { stock: new Map(), visavis: new Map() };
  const drops: Series<DropFigures> = { stock: new Map(), visavis: new Map() };
  const idle: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of SIDES) {
        if (!WHICH.includes(side)) continue;
        stage.relay.set({ loss: 0, delayMs: 25, rate: null }, SEED);
        const call = await (side === 'stock' ? stage.callStock() : stage.callProduct());
        const measured = await measure(async () => {
          if (PARTS.includes('loss')) {
            for (const loss of SHARES)
              add(losses[side], loss, await playLoss(call, stage.relay, loss, SEED + round * 100));
          }
          if (PARTS.includes('rate')) {
            for (const rate of RATES)
              add(drops[side], rate, await playDrop(call, stage.relay, rate, SEED + round * 100));
          }
        });
        idle.push(measured.idle);
        console.log(side, 'idle', measured.idle);
        await call.close();
      }
    }
  } finally {
    await stage.close();
  }
  return present(losses, drops, idle);
}

const cell = (values: readonly number[], scale = 1): string =>
  values.length === 0 ? '' : formatSpread(spreadOf(values.map((value) => value * scale)));

function present(losses: Series<LossFigures>, drops: Series<DropFigures>, idle: readonly number[]): Result {
  const of = (side: Side, loss: number, name: keyof LossFigures): readonly number[] =>
    (losses[side].get(loss) ?? []).map((figures) => figures[name]);
  const dropsOf = (side: Side, rate: number, name: keyof DropFigures): readonly number[] =>
    (drops[side].get(rate) ?? []).map((figures) => figures[name]);
  const LINES: readonly (readonly [string, keyof LossFigures, number])[] = [
    ['sound made up, %', 'concealed', 100],
    ['picture still, % of the time', 'frozen', 100],
    ['pictures a second', 'framesPerSecond', 1],
    ['lines of the picture', 'lines', 1],
    ['kbit/s of pictures', 'kbps', 1],
    ['sound waits, ms', 'soundWaitMs', 1],
    ['pictures wait, ms', 'pictureWaitMs', 1],
  ];
  const lossRows = LINES.flatMap(([title, name, scale]) =>
    LOSSES.filter((loss) => losses.visavis.has(loss)).map((loss) => {
      const [stock, visavis] = [of('stock', loss, name), of('visavis', loss, name)];
      return [
        `${title}, at ${loss * 100} % loss`,
        cell(stock, scale),
        cell(visavis, scale),
        ratio(visavis, stock),
      ];
    }),
  );
  const dropRows = RATES.filter((rate) => drops.visavis.has(rate)).flatMap((rate) =>
    (
      [
        ['s until 90 % again', 'recoveryMs'],
        ['s still', 'frozenMs'],
      ] as const
    ).map(([title, name]) => {
      const [stock, visavis] = [dropsOf('stock', rate, name), dropsOf('visavis', rate, name)];
      return [
        `1.5 Mbit/s → ${rate / 1_000} kbit/s, ${title}`,
        cell(stock, 0.001),
        cell(visavis, 0.001),
        ratio(visavis, stock),
      ];
    }),
  );
  const targets: Target[] = [];
  for (const loss of LOSSES) {
    if (!losses.visavis.has(loss)) continue;
    const at = `at ${loss * 100} % loss`;
    const limit = MOST_CONCEALED[loss];
    if (limit !== undefined)
      targets.push({
        what: `share of sound made up ${at}`,
        limit,
        measured: middle(of('visavis', loss, 'concealed')),
      });
    const still = MOST_FROZEN[loss];
    if (still === undefined) continue;
    targets.push(
      { what: `share of time still ${at}`, limit: still, measured: middle(of('visavis', loss, 'frozen')) },
      {
        what: `pictures a second ${at}`,
        limit: 15,
        measured: middle(of('visavis', loss, 'framesPerSecond')),
        atLeast: true,
      },
    );
  }
  for (const rate of RATES) {
    if (!drops.visavis.has(rate)) continue;
    const at = `after ${rate / 1_000} kbit/s`;
    targets.push(
      {
        what: `s until 90 % ${at}`,
        limit: 8,
        measured: middle(dropsOf('visavis', rate, 'recoveryMs')) / 1_000,
      },
      { what: `s still ${at}`, limit: 1, measured: middle(dropsOf('visavis', rate, 'frozenMs')) / 1_000 },
    );
  }
  return {
    name: 'loss',
    table: [['', 'stock Chromium', 'Visavis', 'ratio'], ...lossRows, ...dropRows],
    notes: [`Seed ${SEED}; 25 ms each way`, `Idle processor meanwhile: ${cell(idle)}`],
    targets,
    figures: {
      seed: SEED,
      losses: Object.fromEntries(SIDES.map((side) => [side, Object.fromEntries(losses[side])])),
      drops: Object.fromEntries(SIDES.map((side) => [side, Object.fromEntries(drops[side])])),
      idle,
    },
  };
}
