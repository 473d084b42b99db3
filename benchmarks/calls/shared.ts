import { startNodes } from '../lib/cluster.ts';
import { processorMs } from '../lib/machine.ts';
import { measure } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, spreadOf } from '../lib/statistics.ts';
import { openCounters, perCall, type Counts } from './counters.ts';
import { openPool } from './pool.ts';

const PAIRS = 100;
const CALLS_PER_ROUND = 300;
const AT_ONCE = 16;

interface Round extends Counts {
  readonly nodeMs: number;
}

/** Complete calls on one node with a PostgreSQL and a Redis server, and what each call asks of those. */
export async function benchmarkSharedCalls(rounds: number): Promise<Result> {
  const cluster = await startNodes({ nodes: 1, pairs: PAIRS });
  const { nodes, pairs, databaseUrl, redisUrl } = cluster;
  const measured: Round[] = [];
  try {
    const [node] = nodes;
    if (node === undefined) throw new Error('no node');
    const counters = await openCounters(databaseUrl, redisUrl);
    const pool = await openPool(node.url, pairs);
    await pool.play(PAIRS, AT_ONCE);
    for (let round = 0; round < rounds; round += 1) {
      const { value } = await measure(async () => {
        const before = await counters.read();
        const spentBefore = processorMs(node.pid);
        await pool.play(CALLS_PER_ROUND, AT_ONCE);
        const nodeMs = (processorMs(node.pid) - spentBefore) / CALLS_PER_ROUND;
        return { nodeMs, ...perCall(before, await counters.read(), CALLS_PER_ROUND) };
      });
      measured.push(value);
    }
    pool.close();
    await counters.close();
  } finally {
    await cluster.dispose();
  }
  const of = (what: keyof Round): string => formatSpread(spreadOf(measured.map((each) => each[what])));
  const perSecond = spreadOf(measured.map(({ nodeMs }) => 1_000 / nodeMs));
  return {
    name: 'calls-postgres',
    table: [
      ['for each complete call', 'median (p10–p90)'],
      ['calls per CPU-second of the node', formatSpread(perSecond)],
      ['CPU of the node, ms', of('nodeMs')],
      ['CPU of PostgreSQL, ms', of('postgresMs')],
      ['CPU of Redis, ms', of('redisMs')],
      ['transactions', of('transactions')],
      ['durable commits', of('durableCommits')],
      ['round trips to Redis', of('redisRoundTrips')],
    ],
    notes: [
      `${CALLS_PER_ROUND} calls in a round, ${AT_ONCE} at once; those who are told of busy and free included. PostgreSQL's and Redis'`,
      'processor time includes what the node does by itself in the seconds around the calls.',
    ],
    targets: [],
    figures: { measured, perSecond },
  };
}
