import { processorMs } from '../lib/machine.ts';
import { measure } from '../lib/progress.ts';
import { startPopulated } from '../lib/population.ts';
import { startRelay } from '../lib/relay.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, ratiosOf, spreadOf } from '../lib/statistics.ts';
import { playFloor } from './floor.ts';
import { openPool } from './pool.ts';
import { profileCalls } from './profile.ts';

const LEVELS = [1, 4, 16, 64] as const;
/** Enough for the processor time of a round to be many ticks of its clock. */
const CALLS_PER_ROUND = 150;
const PAIRS = 150;

interface Round {
  readonly callsPerSecond: number;
  readonly elapsedMs: number;
  readonly floorCallsPerSecond: number;
  readonly idle: number;
}

/** Complete calls for each second of the server's processor time, beside the same traffic through bare `ws`. */
export async function benchmarkCalls(rounds: number): Promise<Result> {
  const relay = await startRelay();
  const { server, pairs, dispose } = await startPopulated(PAIRS);
  const measured = new Map<number, Round[]>(LEVELS.map((level) => [level, []]));
  let framesPerCall = 0;
  try {
    const pool = await openPool(server.url, pairs);
    await pool.play(PAIRS, 4);
    for (let round = 0; round < rounds; round += 1) {
      for (const level of LEVELS) {
        const { value, idle } = await measure(async () => {
          const startedAt = performance.now();
          const before = processorMs(server.pid);
          const traffic = await pool.play(CALLS_PER_ROUND, level);
          const spentMs = processorMs(server.pid) - before;
          const elapsedMs = (performance.now() - startedAt) / CALLS_PER_ROUND;
          framesPerCall = (traffic.framesIn + traffic.framesOut) / CALLS_PER_ROUND;
          const floorMs = await spendFloor(relay.url, relay.pid, traffic, level);
          return { spentMs, elapsedMs, floorMs };
        });
        measured.get(level)?.push({
          callsPerSecond: (CALLS_PER_ROUND / value.spentMs) * 1_000,
          elapsedMs: value.elapsedMs,
          floorCallsPerSecond: (CALLS_PER_ROUND / value.floorMs) * 1_000,
          idle,
        });
      }
    }
    pool.close();
  } finally {
    await relay.close();
    await dispose();
  }
  const costs = await profileCalls(PAIRS, CALLS_PER_ROUND * 6, 16);
  const dearest = costs.slice(0, 12);
  return {
    name: 'calls',
    table: [
      [
        'calls at once',
        'calls per CPU-second',
        'same frames through bare ws',
        'bare ÷ Visavis',
        'ms of CPU per call',
      ],
      ...[...measured].map(([level, all]) => {
        const own = all.map(({ callsPerSecond }) => callsPerSecond);
        const floor = all.map(({ floorCallsPerSecond }) => floorCallsPerSecond);
        return [
          String(level),
          formatSpread(spreadOf(own)),
          formatSpread(spreadOf(floor)),
          formatSpread(ratiosOf(floor, own), '×'),
          formatSpread(spreadOf(own.map((each) => 1_000 / each))),
        ];
      }),
    ],
    notes: [
      `A call is ${framesPerCall.toFixed(0)} frames, those to 9 contacts who are told of busy and free included.`,
      'Where the server spends its time (V8 sampling profile, 16 calls at once):',
      ...dearest.map(({ part, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${part}`),
    ],
    targets: [],
    figures: { framesPerCall, levels: Object.fromEntries(measured), costs: dearest },
  };
}

/** Repeats the traffic often enough to be measured by a clock of 10 ms. @returns ms of processor time for it once */
async function spendFloor(
  url: string,
  pid: number,
  traffic: Parameters<typeof playFloor>[1],
  sockets: number,
): Promise<number> {
  const repeats = 4;
  const before = processorMs(pid);
  for (let repeat = 0; repeat < repeats; repeat += 1) await playFloor(url, traffic, sockets);
  return (processorMs(pid) - before) / repeats;
}
