import { measure, pause } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, ratiosOf, spreadOf } from '../lib/statistics.ts';
import { openStage, type Use, type Watching } from './stage.ts';

/** With one's own tile; with 16 a page of the grid is full. */
const MANY = Number(process.env['VISAVIS_TILES'] ?? 16) - 1;
const FEW = 3;
const SETTLE_MS = 8_000;
const WATCH_MS = 8_000;

const SIDES = ['many', 'bare', 'few'] as const;
type Side = (typeof SIDES)[number];

interface Cost {
  /** How often a second the page could draw. */
  readonly frames: number;
  /** ms of each second in which the page's own thread was busy. */
  readonly main: number;
  /** Of all processes of the browser: one is a whole core. */
  readonly cores: number;
  /** Pictures of all others together, each second. */
  readonly pictures: number;
  /** Share of those that came too late to be drawn. */
  readonly dropped: number;
}

function costOf(before: Use, after: Use): Cost {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const since = (name: keyof Use): number => after[name] - before[name];
  return {
    frames: since('drawn') / seconds,
    main: since('mainMs') / seconds,
    cores: since('processorMs') / seconds / 1_000,
    pictures: since('pictures') / seconds,
    dropped: since('dropped') / Math.max(1, since('pictures')),
  };
}

async function play(opening: Promise<Watching>) {
  const watching = await opening;
  await pause(SETTLE_MS);
  const measured = await measure(async () => {
    const before = await watching.read();
    await pause(WATCH_MS);
    return costOf(before, await watching.read());
  });
  await watching.end();
  return measured;
}

/** What a page of 16 tiles costs, beside a bare page with as many pictures of the same size, and one of 4 tiles. */
export async function benchmarkTiles(rounds: number): Promise<Result> {
  const stage = await openStage();
  const costs: Record<Side, Cost[]> = { many: [], bare: [], few: [] };
  const idle: Record<Side, number[]> = { many: [], bare: [], few: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of SIDES) {
        const played = await play(
          side === 'bare' ? stage.watchBare(MANY) : stage.watchProduct(side === 'many' ? MANY : FEW),
        );
        costs[side].push(played.value);
        idle[side].push(played.idle);
      }
    }
  } finally {
    await stage.close();
  }
  const of = (side: Side, name: keyof Cost): readonly number[] => costs[side].map((cost) => cost[name]);
  const row = (title: string, name: keyof Cost): string[] => [
    title,
    ...SIDES.map((side) => formatSpread(spreadOf(of(side, name)))),
    formatSpread(ratiosOf(of('many', name), of('bare', name)), '×'),
  ];
  return {
    name: 'tiles',
    table: [
      ['', `Visavis, ${MANY + 1} tiles`, `bare, ${MANY}`, `Visavis, ${FEW + 1} tiles`, 'Visavis ÷ bare'],
      row('the page draws, times a second', 'frames'),
      row('its thread is busy, ms a second', 'main'),
      row('processors of the browser', 'cores'),
      row('pictures of others, a second', 'pictures'),
      row('share of those that came too late', 'dropped').with(4, ''),
    ],
    notes: SIDES.map((side) => `Idle processor meanwhile, ${side}: ${formatSpread(spreadOf(idle[side]))}`),
    targets: [],
    figures: { others: MANY, costs, idle },
  };
}
