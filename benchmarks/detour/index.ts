import { measure, measureQuietly, pause } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, quantile, spreadOf } from '../lib/statistics.ts';
import { type Bench, openBench } from './bench.ts';
import type { Way } from './inPage.ts';

/** Until the estimates of the path are settled, and the media server passes on the largest layer. */
const SETTLE_MS = 4_000;
const FLOW_MS = 6_000;
const WAYS: readonly Way[] = ['bare', 'direct', 'forwarded'];

interface Flow {
  /** ms from generated to decoded. */
  readonly median: number;
  readonly p95: number;
  /** Of those generated, how many were decoded, and of those, how many in the size they were generated with. */
  readonly decoded: number;
  readonly whole: number;
}

async function play(bench: Bench, way: Way): Promise<Flow> {
  await bench.start(way);
  await pause(SETTLE_MS);
  await bench.forget();
  await pause(FLOW_MS);
  const { latencies, generated, whole } = await bench.read();
  await bench.stop();
  return {
    median: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    decoded: latencies.length / generated,
    whole: whole / latencies.length,
  };
}

/** What pictures lose on the way through the media server, against the straight way in the same page, in turns. */
export async function benchmarkDetour(rounds: number): Promise<Result> {
  const bench = await openBench();
  const flows: Record<Way, Flow[]> = { bare: [], direct: [], forwarded: [] };
  const idle: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      // One round alone is a try, and the first of more counts for nothing: they do not wait for a quiet machine.
      const played = await (rounds === 1 || round === 0 ? measure : measureQuietly)(async () => ({
        bare: await play(bench, 'bare'),
        direct: await play(bench, 'direct'),
        forwarded: await play(bench, 'forwarded'),
      }));
      // The first round opens encoders, decoders and code for the first time.
      if (round === 0) continue;
      for (const way of WAYS) flows[way].push(played.value[way]);
      idle.push(played.idle);
    }
  } finally {
    await bench.dispose();
  }
  return present(flows, idle);
}

const cell = (values: readonly number[]): string => formatSpread(spreadOf(values));

function present(flows: Readonly<Record<Way, readonly Flow[]>>, idle: readonly number[]): Result {
  const of = (way: Way, name: keyof Flow): readonly number[] => flows[way].map((flow) => flow[name]);
  /** What the detour costs, of what was measured one right after the other. */
  const more = (name: keyof Flow): readonly number[] =>
    of('forwarded', name).map((value, index) => value - (of('direct', name)[index] ?? Number.NaN));
  const row = (title: string, name: keyof Flow): string[] => [
    title,
    ...WAYS.map((way) => cell(of(way, name))),
  ];
  const target = (what: string, limit: number, name: 'median' | 'p95') => ({
    what,
    limit,
    measured: Number(quantile(more(name), 0.5).toFixed(2)),
  });
  return {
    name: 'detour',
    table: [
      ['', 'bare pair', 'direct', 'forwarded', 'forwarded − direct'],
      [...row('generated → decoded, median, ms', 'median'), cell(more('median'))],
      [...row('generated → decoded, 95 %, ms', 'p95'), cell(more('p95'))],
      [...row('pictures decoded, of those generated', 'decoded'), ''],
      [...row('of those, in their whole size', 'whole'), ''],
    ],
    notes: [`Idle processor meanwhile: ${cell(idle)}`],
    targets: [
      target('generated → decoded, median, ms more than direct', 3, 'median'),
      target('generated → decoded, 95 %, ms more than direct', 6, 'p95'),
    ],
    figures: { flows, idle },
  };
}
