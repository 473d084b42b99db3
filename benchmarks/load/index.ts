import type { Result } from '../lib/results.ts';
import { formatSpread, ratiosOf, spreadOf } from '../lib/statistics.ts';
import { measureLoads, type Load } from './loads.ts';
import { weigh } from './weigh.ts';

const all = (loads: readonly Load[], of: keyof Load): readonly number[] => loads.map((load) => load[of]);

/** What the web client weighs, and how long it takes until somebody can be called. */
export async function benchmarkLoad(rounds: number): Promise<Result> {
  const weight = await weigh();
  const { cold, warm, coldEmpty, warmEmpty, idle } = await measureLoads(rounds);
  const row = (title: string, loads: readonly Load[]): readonly string[] => [
    title,
    formatSpread(spreadOf(all(loads, 'firstPaint'))),
    formatSpread(spreadOf(all(loads, 'usable'))),
    (spreadOf(all(loads, 'bytes')).median / 1_000).toFixed(1),
  ];
  return {
    name: 'load',
    table: [
      ['processor slowed 4×', 'first paint, ms', 'usable, ms', 'kB over the network'],
      row('home, nothing kept', cold),
      row('home, kept by the browser', warm),
      row('empty page, nothing kept', coldEmpty),
      row('empty page, kept', warmEmpty),
    ],
    notes: [
      `Script, gzip: ${weight.first} kB for the first load, ${weight.all} kB in all; styles ${weight.styles} kB; React and ReactDOM alone ${weight.reactAlone} kB`,
      `First load ÷ React alone: ${(weight.first / weight.reactAlone).toFixed(2)}×; usable ÷ empty page: cold ${formatSpread(ratiosOf(all(cold, 'usable'), all(coldEmpty, 'usable')), '×')}, warm ${formatSpread(ratiosOf(all(warm, 'usable'), all(warmEmpty, 'usable')), '×')}`,
      `Idle processor meanwhile: ${formatSpread(spreadOf(idle))}`,
    ],
    targets: [
      { what: 'script of the first load, kB of gzip', limit: 180, measured: weight.first },
      { what: 'all script, kB of gzip', limit: 180, measured: weight.all },
      { what: 'home usable, nothing kept, ms', limit: 1_500, measured: spreadOf(all(cold, 'usable')).median },
      { what: 'home usable, kept, ms', limit: 1_500, measured: spreadOf(all(warm, 'usable')).median },
    ],
    figures: { weight, cold, warm, coldEmpty, warmEmpty, idle },
  };
}
