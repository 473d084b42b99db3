import { measure, measureQuietly } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, quantile, ratiosOf, spreadOf } from '../lib/statistics.ts';
import type { JoinMarks } from './inPage.ts';
import { openStage, OTHERS, type RunningCall } from './stage.ts';

/** Round trips between the one who joins and the servers, in ms. */
const ROUND_TRIPS = [0, 50, 100] as const;
type RoundTrip = (typeof ROUND_TRIPS)[number];
/** Of each call in progress; the first of all counts for nothing, since it opens encoders, decoders and code. */
const JOINS = 3;

const SIDES = ['visavis', 'bare'] as const;
type Side = (typeof SIDES)[number];
/** ms from the press of Join. */
interface Times {
  readonly firstPicture: number;
  readonly allPictures: number;
  readonly firstSound: number;
  readonly allSounds: number;
}

const timesOf = ({ pictures, sounds }: JoinMarks): Times => ({
  firstPicture: Math.min(...pictures),
  allPictures: Math.max(...pictures),
  firstSound: Math.min(...sounds),
  allSounds: Math.max(...sounds),
});

async function joinOften(call: RunningCall): Promise<readonly Times[]> {
  const times: Times[] = [];
  for (let n = 0; n < JOINS; n += 1) times.push(timesOf(await call.join()));
  await call.end();
  return times;
}

/** Press of Join in a call in progress to the pictures and sounds of all, over slow lines, beside bare mediasoup-client in the same browsers. */
export async function benchmarkJoining(rounds: number): Promise<Result> {
  const stage = await openStage();
  const series = new Map<string, Times[]>();
  const idle: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      // One round alone is a try, and the first of more counts for nothing: they do not wait for a quiet machine.
      const play: typeof measure = rounds === 1 || round === 0 ? measure : measureQuietly;
      for (const roundTrip of round === 0 ? ROUND_TRIPS.slice(0, 1) : ROUND_TRIPS) {
        stage.setRoundTrip(roundTrip);
        const played = await play(async () => ({
          visavis: await joinOften(await stage.startProduct()),
          bare: await joinOften(await stage.startBare()),
        }));
        stage.setRoundTrip(0);
        if (round === 0) continue;
        for (const side of SIDES) {
          const key = `${side} ${roundTrip}`;
          series.set(key, [...(series.get(key) ?? []), ...played.value[side]]);
        }
        idle.push(played.idle);
      }
    }
  } finally {
    await stage.close();
  }
  return present(series, idle);
}

const ROWS: readonly (readonly [string, keyof Times])[] = [
  ['first picture', 'firstPicture'],
  ['pictures of all', 'allPictures'],
  ['first sound', 'firstSound'],
  ['sound of all', 'allSounds'],
];

const cell = (values: readonly number[]): string => formatSpread(spreadOf(values));

function present(series: ReadonlyMap<string, readonly Times[]>, idle: readonly number[]): Result {
  const of = (side: Side, roundTrip: RoundTrip, name: keyof Times): readonly number[] =>
    (series.get(`${side} ${roundTrip}`) ?? []).map((times) => times[name]);
  return {
    name: 'joining',
    table: [
      ['ms after the press of Join', 'Visavis', 'bare', 'Visavis ÷ bare'],
      ...ROUND_TRIPS.flatMap((roundTrip) =>
        ROWS.map(([title, name]) => {
          const [own, bare] = [of('visavis', roundTrip, name), of('bare', roundTrip, name)];
          const ratio = formatSpread(ratiosOf(own, bare), '×');
          return [`${title}, ${roundTrip} ms of round trip`, cell(own), cell(bare), ratio];
        }),
      ),
    ],
    notes: [
      `${OTHERS.length} others in the call, with 5 pictures a second each, in windows of 640 × 400`,
      `Idle processor meanwhile: ${cell(idle)}`,
    ],
    targets: ROUND_TRIPS.map((roundTrip) => ({
      what: `first picture at ${roundTrip} ms of round trip, ms`,
      limit: 5 * roundTrip + 100,
      measured: Math.round(quantile(of('visavis', roundTrip, 'firstPicture'), 0.5)),
    })),
    figures: { series: Object.fromEntries(series), idle },
  };
}
