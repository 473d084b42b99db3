import { startRedis } from '../../tests/harness/redis.ts';
import { startNodes } from '../lib/cluster.ts';
import { processorMs } from '../lib/machine.ts';
import { startPeer } from '../lib/process.ts';
import { measure } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, quantile, spreadOf } from '../lib/statistics.ts';
import { playStorm, type Member, type Spending, type StormOutcome } from './crowd.ts';
import { openPair } from './devices.ts';
import { openSocketIoPair } from './socketIo.ts';

const PAIRS = 2_500;
/** Pairs that are in a call and talk all the while. */
const TALKING = 50;
/** Pairs that connect at once at the beginning. */
const AT_ONCE = 16;

/** One of two nodes with 5,000 devices is killed: who is there again when, and what of what was said is lost. */
export async function benchmarkStorm(rounds: number): Promise<Result> {
  const outcomes = new Map<string, StormOutcome[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, play] of [
      ['Visavis', playProduct],
      ['Socket.IO', playSocketIo],
    ] as const) {
      const { value } = await measure(play);
      outcomes.set(name, [...(outcomes.get(name) ?? []), value]);
    }
  }
  const product = outcomes.get('Visavis') ?? [];
  const last = Math.max(...product.map(({ times }) => quantile(times, 0.99)));
  return {
    name: 'storm',
    table: [
      [
        'one of two nodes killed',
        'cut off',
        'back',
        'with their state',
        'ms to be back',
        '99 %',
        'sent',
        'lost',
        'doubled',
      ],
      ...[...outcomes].flatMap(([name, all]) =>
        all.map(({ cutOff, back, resumed, times, sent, lost, doubled }) => [
          name,
          ...[cutOff, back, resumed].map(String),
          formatSpread(spreadOf(times)),
          quantile(times, 0.99).toFixed(0),
          ...[sent, lost, doubled].map(String),
        ]),
      ),
    ],
    notes: [
      `${2 * PAIRS} devices behind a TCP proxy, ${2 * TALKING} of them in calls in which both sides send.`,
      ...[...outcomes].map(([name, all]) => `${name}: ${describeSpent(all)}.`),
    ],
    targets: [
      { what: 'ms until 99 % are registered again', limit: 2_000, measured: Math.round(last) },
      { what: 'events lost', limit: 0, measured: product.reduce((sum, { lost }) => sum + lost, 0) },
      { what: 'events doubled', limit: 0, measured: product.reduce((sum, { doubled }) => sum + doubled, 0) },
    ],
    figures: Object.fromEntries(
      [...outcomes].map(([name, all]) => [
        name,
        all.map(({ times, ...rest }) => ({ ...rest, times: spreadOf(times) })),
      ]),
    ),
  };
}

/** What the product is not: clients and the proxy before the nodes. */
const harness = (proxyPid: number): Spending => ({
  clients: () => processorMs(process.pid),
  proxy: () => processorMs(proxyPid),
});

const PROXY = new URL('proxyProcess.ts', import.meta.url);

async function playProduct(): Promise<StormOutcome> {
  const cluster = await startNodes({ nodes: 2, pairs: PAIRS });
  const proxy = await startPeer(PROXY, { args: cluster.nodes.map(({ url }) => new URL(url).port) });
  try {
    const url = `http://127.0.0.1:${proxy.port}`;
    const members = await openAll((n) => {
      const pair = cluster.pairs[n];
      if (pair === undefined) throw new RangeError('too few people');
      return openPair(url, pair, n < TALKING);
    });
    const outcome = await playStorm(members, async () => cluster.nodes[0]?.kill(), {
      ...harness(proxy.pid),
      'the other node': () => processorMs(cluster.nodes[1]?.pid ?? 0),
    });
    for (const member of members) member.close();
    return outcome;
  } finally {
    await proxy.close();
    await cluster.dispose();
  }
}

async function playSocketIo(): Promise<StormOutcome> {
  const redis = await startRedis();
  const program = new URL('socketIoNodeEcho.ts', import.meta.url);
  const nodes = await Promise.all([1, 2].map(() => startPeer(program, { args: [redis.url] })));
  const proxy = await startPeer(PROXY, { args: nodes.map(({ port }) => String(port)) });
  try {
    const members = await openAll((n) =>
      openSocketIoPair(`http://127.0.0.1:${proxy.port}`, String(n), n < TALKING),
    );
    const outcome = await playStorm(members, async () => nodes[0]?.kill(), {
      ...harness(proxy.pid),
      'the other node': () => processorMs(nodes[1]?.pid ?? 0),
    });
    for (const member of members) member.close();
    return outcome;
  } finally {
    await proxy.close();
    for (const node of nodes) await node.close();
    await redis.dispose();
  }
}

async function openAll(open: (n: number) => Promise<readonly Member[]>): Promise<readonly Member[]> {
  const members: Member[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < PAIRS) {
      next += 1;
      members.push(...(await open(next - 1)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return members;
}

const describeSpent = (all: readonly StormOutcome[]): string =>
  all
    .map(({ spent }) =>
      Object.entries(spent)
        .map(([name, ms]) => `${name} ${(ms / 1_000).toFixed(2)} s`)
        .join(', '),
    )
    .join('; ');
