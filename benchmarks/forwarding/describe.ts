import type { Result, Target } from '../lib/results.ts';
import { formatSpread, quantile, ratiosOf, spreadOf } from '../lib/statistics.ts';
import { DEVICES, SMALL_TILES, TALKING } from './load.ts';
import type { Round } from './play.ts';

/** `saving`: senders stop the layers that nobody watches, as the product's do. */
export type Series = 'direct' | 'visavis' | 'janus' | 'saving';
export type Rounds = Readonly<Record<Series, readonly Round[]>>;

const TITLES = { visavis: 'Visavis', janus: 'Janus', saving: 'Visavis, unwatched layers not sent' };
const median = (values: readonly number[]): number => quantile(values, 0.5);

/** What being forwarded adds to the way from sender to receiver, against the direct paths of the same round. */
const added = (rows: Rounds, series: Series, which: 'p50' | 'p99'): number[] =>
  rows[series].map(
    ({ latencyMs }, round) => latencyMs[which] - (rows.direct[round]?.latencyMs[which] ?? Number.NaN),
  );

export function describe(rows: Rounds): Result {
  const shown = (['visavis', 'janus', 'saving'] as const).filter((series) => rows[series].length > 0);
  const line = (what: string, valuesOf: (series: Series) => readonly number[]): string[] => [
    what,
    ...shown.map((series) => formatSpread(spreadOf(valuesOf(series)))),
  ];
  const of = (series: Series, value: (round: Round) => number): number[] => rows[series].map(value);
  const callsPerCore = of('saving', ({ cores }) => 1 / cores);
  const targets: Target[] = [
    {
      what: 'full calls of 32 that one core forwards',
      limit: 10,
      measured: round(median(callsPerCore)),
      atLeast: true,
    },
  ];
  let ratios = {};
  if (rows.janus.length > 0) {
    const packets = ratiosOf(
      of('visavis', ({ packetsPerCpuSecond }) => packetsPerCpuSecond),
      of('janus', ({ packetsPerCpuSecond }) => packetsPerCpuSecond),
    );
    const p50 = ratiosOf(added(rows, 'visavis', 'p50'), added(rows, 'janus', 'p50'));
    const p99 = ratiosOf(added(rows, 'visavis', 'p99'), added(rows, 'janus', 'p99'));
    ratios = { packetsPerCpuSecond: packets, addedP50: p50, addedP99: p99 };
    targets.unshift(
      { what: 'packets per CPU-second ÷ Janus', limit: 3.5, measured: packets.median, atLeast: true },
      { what: 'added latency (99 %) ÷ Janus', limit: 0.5, measured: p99.median },
    );
  }
  const idle = Object.entries(rows).flatMap(([series, all]) =>
    all.length === 0 ? [] : [`${series} ${Math.round(median(all.map((one) => one.idle)) * 100)} %`],
  );
  return {
    name: 'forwarding',
    table: [
      [`a call of ${DEVICES}`, ...shown.map((series) => TITLES[series])],
      line('packets in, a second', (series) => of(series, ({ packetsIn }) => packetsIn)),
      line('packets forwarded, a second', (series) => of(series, ({ packetsOut }) => packetsOut)),
      line('of those due, missing, %', (series) => of(series, ({ missing }) => missing * 100)),
      line('Mbit/s in', (series) => of(series, ({ megabitsIn }) => megabitsIn)),
      line('Mbit/s out', (series) => of(series, ({ megabitsOut }) => megabitsOut)),
      line('cores taken', (series) => of(series, ({ cores }) => cores)),
      line('packets per CPU-second', (series) =>
        of(series, ({ packetsPerCpuSecond }) => packetsPerCpuSecond),
      ),
      line('added latency, median, ms', (series) => added(rows, series, 'p50')),
      line('added latency, 99 %, ms', (series) => added(rows, series, 'p99')),
      line('memory of a participant, kB', (series) =>
        of(series, ({ kilobytesPerDevice }) => kilobytesPerDevice),
      ),
    ],
    notes: [
      `Everybody sends three layers and sound, ${TALKING} of them speech, and watches one large and ${SMALL_TILES} small pictures. Idle: ${idle.join(', ')}.`,
      ...(rows.janus.length > 0
        ? []
        : ['Janus is not installed (apt-get install janus): the comparison with it is left out.']),
    ],
    targets,
    figures: { rounds: rows, ratios, callsPerCore: spreadOf(callsPerCore) },
  };
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
