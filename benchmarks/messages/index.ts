import { processorMs } from '../lib/machine.ts';
import { measure, pause } from '../lib/progress.ts';
import { startNodes } from '../lib/cluster.ts';
import { startPopulated, type Pair } from '../lib/population.ts';
import { startPeer } from '../lib/process.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, ratiosOf, spreadOf } from '../lib/statistics.ts';
import { openCall } from './calls.ts';
import { openSocketIo, openWs, type Sender } from './peers.ts';

const PAIRS = 200;
/** What a device may send at once (`RATES.ice_candidate`) less what a round before may have left over. */
const EACH = 150;
/** How long until a device may send as much again. */
const REFILL_MS = 8_000;
/** Later than any acknowledgement. */
const ACK_WAIT_MS = 80;
/** Candidates come in bursts; 1 is the least that can be under way. */
const DEPTHS = [8, 1] as const;

interface Contestant {
  readonly name: string;
  readonly pids: readonly number[];
  readonly senders: readonly Sender[];
  playedAt: number;
}

/** Messages per second of the server's processor time: the product, bare `ws` and bare Socket.IO, in turns. */
export async function benchmarkMessages(rounds: number): Promise<Result> {
  const ws = await startPeer(new URL('wsEcho.ts', import.meta.url));
  const socketIo = await startPeer(new URL('socketIoEcho.ts', import.meta.url));
  const alone = await startPopulated(PAIRS);
  const cluster = await startNodes({ nodes: 2, pairs: PAIRS });
  const rates = new Map<string, number[]>();
  let idleSum = 0;
  let idleCount = 0;
  try {
    const contestants: Contestant[] = [
      { name: 'bare ws', pids: [ws.pid], senders: await openMany(() => openWs(ws.port)), playedAt: 0 },
      await openProduct('Visavis', [alone.server.url, alone.server.url], [alone.server.pid], alone.pairs),
      {
        name: 'bare Socket.IO',
        pids: [socketIo.pid],
        senders: await openMany(() => openSocketIo(socketIo.port)),
        playedAt: 0,
      },
      await openProduct(
        'Visavis, two nodes on Redis',
        [cluster.nodes[0]?.url ?? '', cluster.nodes[1]?.url ?? ''],
        cluster.nodes.map(({ pid }) => pid),
        cluster.pairs,
      ),
    ];
    for (const contestant of contestants) await play(contestant, 8);
    for (let round = 0; round < rounds; round += 1) {
      for (const depth of DEPTHS) {
        for (const contestant of contestants) {
          const { value, idle } = await measure(() => play(contestant, depth));
          const key = `${contestant.name} ${depth}`;
          rates.set(key, [...(rates.get(key) ?? []), value]);
          idleSum += idle;
          idleCount += 1;
        }
      }
    }
    for (const { senders } of contestants) for (const sender of senders) sender.close();
  } finally {
    await Promise.all([ws.close(), socketIo.close(), alone.dispose(), cluster.dispose()]);
  }
  return describe(rates, idleSum / idleCount);
}

async function openMany(open: () => Promise<Sender>): Promise<readonly Sender[]> {
  const senders: Sender[] = [];
  for (let n = 0; n < 2 * PAIRS; n += 1) senders.push(await open());
  return senders;
}

async function openProduct(
  name: string,
  urls: readonly [string, string],
  pids: readonly number[],
  pairs: readonly Pair[],
): Promise<Contestant> {
  const senders: Sender[] = [];
  for (const pair of pairs) senders.push(...(await openCall(urls, pair)));
  return { name, pids, senders, playedAt: 0 };
}

/** @returns messages per second of processor time */
async function play(contestant: Contestant, depth: number): Promise<number> {
  const { pids, senders } = contestant;
  await pause(Math.max(0, contestant.playedAt + REFILL_MS - performance.now()));
  const before = spent(pids);
  await Promise.all(senders.map((sender) => playSender(sender, depth)));
  await pause(ACK_WAIT_MS);
  const spentMs = spent(pids) - before;
  contestant.playedAt = performance.now();
  return ((senders.length * EACH) / spentMs) * 1_000;
}

async function playSender(sender: Sender, depth: number): Promise<void> {
  let left = EACH;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await sender.send();
    }
  };
  await Promise.all(Array.from({ length: depth }, lane));
}

const spent = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0);

function describe(rates: ReadonlyMap<string, number[]>, idle: number): Result {
  const of = (name: string, depth: number): number[] => rates.get(`${name} ${depth}`) ?? [];
  const names = ['bare ws', 'Visavis', 'bare Socket.IO', 'Visavis, two nodes on Redis'];
  const toWs = ratiosOf(of('Visavis', DEPTHS[0]), of('bare ws', DEPTHS[0]));
  const toSocketIo = ratiosOf(of('Visavis', DEPTHS[0]), of('bare Socket.IO', DEPTHS[0]));
  return {
    name: 'messages',
    table: [
      [
        'messages per CPU-second',
        ...DEPTHS.map((depth) => `${depth} under way`),
        ...DEPTHS.map((d) => `÷ ws (${d})`),
      ],
      ...names.map((name) => [
        name,
        ...DEPTHS.map((depth) => formatSpread(spreadOf(of(name, depth)))),
        ...DEPTHS.map((depth) => formatSpread(ratiosOf(of(name, depth), of('bare ws', depth)), '×')),
      ]),
    ],
    notes: [
      `${2 * PAIRS} sockets, ${EACH} messages of each in a round; ${Math.round(idle * 100)} % of the machine idle.`,
    ],
    targets: [
      { what: 'Visavis ÷ bare ws', limit: 0.75, measured: toWs.median, atLeast: true },
      { what: 'Visavis ÷ bare Socket.IO', limit: 1.3, measured: toSocketIo.median, atLeast: true },
    ],
    figures: { rates: Object.fromEntries(rates), toWs, toSocketIo, idle },
  };
}
