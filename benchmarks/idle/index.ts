import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { startNodes } from '../lib/cluster.ts';
import { startPeer } from '../lib/process.ts';
import { measure } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { ratiosOf, spreadOf, type Spread } from '../lib/statistics.ts';
import { createMemoryProbe, type Memory } from './memory.ts';
import { openAll, openBare, openDevice, openSocketIo } from './sockets.ts';

const DEVICES = 5_000;
/** Connected before the first reading: code is compiled and pools have their size. */
const FIRST = 500;

type Name = 'Visavis' | 'bare Socket.IO' | 'bare ws';
type Costs = Readonly<Record<keyof Memory, number>>;

/** Bytes for each idle registered device, beside a connection of bare Socket.IO and of bare `ws`. */
export async function benchmarkIdle(rounds: number): Promise<Result> {
  const costs = new Map<Name, Costs[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measureOne] of [
      ['Visavis', measureProduct],
      ['bare Socket.IO', measureSocketIo],
      ['bare ws', measureWs],
    ] as const) {
      const { value } = await measure(measureOne);
      costs.set(name, [...(costs.get(name) ?? []), value]);
    }
  }
  const of = (name: Name, what: keyof Memory): number[] => (costs.get(name) ?? []).map((each) => each[what]);
  const ratio = ratiosOf(of('Visavis', 'resident'), of('bare Socket.IO', 'resident'));
  return {
    name: 'idle',
    table: [
      ['kB for each connection', 'resident', 'held by JavaScript'],
      ...[...costs.keys()].map((name) => [
        name,
        formatKb(spreadOf(of(name, 'resident'))),
        formatKb(spreadOf(of(name, 'held'))),
      ]),
    ],
    notes: [`${DEVICES} connections after the first ${FIRST}, garbage collected before each reading.`],
    targets: [
      {
        what: 'kB resident for each idle device',
        limit: 10,
        measured: spreadOf(of('Visavis', 'resident')).median / 1_000,
      },
      { what: 'Visavis ÷ Socket.IO, resident', limit: 0.5, measured: ratio.median },
    ],
    figures: { costs: Object.fromEntries(costs), ratio },
  };
}

/** One node with presence and sessions in its own memory; accounts are in PostgreSQL. */
async function measureProduct(): Promise<Costs> {
  const probe = createMemoryProbe();
  const cluster = await startNodes({
    nodes: 1,
    pairs: (DEVICES + FIRST) / 2,
    redis: false,
    env: probe.env,
  });
  try {
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error('no node');
    return await readCosts(
      cluster.pairs.flat(),
      (device) => openDevice(node.url, device),
      () => probe.read(node.pid),
    );
  } finally {
    await cluster.dispose();
    await probe.dispose();
  }
}

const measureSocketIo = async (): Promise<Costs> =>
  measurePeer(new URL('../messages/socketIoEcho.ts', import.meta.url), openSocketIo);

const measureWs = async (): Promise<Costs> =>
  measurePeer(new URL('../messages/wsEcho.ts', import.meta.url), openBare);

async function measurePeer(program: URL, open: (port: number) => Promise<WebSocket>): Promise<Costs> {
  const probe = createMemoryProbe();
  const peer = await startPeer(program, { env: probe.env });
  try {
    const items = Array.from({ length: DEVICES + FIRST }, (_, n) => n);
    return await readCosts(
      items,
      () => open(peer.port),
      () => probe.read(peer.pid),
    );
  } finally {
    await peer.close();
    await probe.dispose();
  }
}

async function readCosts<Item>(
  items: readonly Item[],
  open: (item: Item) => Promise<WebSocket>,
  read: () => Promise<Memory>,
): Promise<Costs> {
  const first = await openAll(items.slice(0, FIRST), open);
  const before = await read();
  const rest = await openAll(items.slice(FIRST), open);
  const after = await read();
  const closed = [...first, ...rest].map(async (socket) => {
    const done = once(socket, 'close');
    socket.terminate();
    await done;
  });
  await Promise.all(closed);
  return {
    resident: (after.resident - before.resident) / DEVICES,
    held: (after.held - before.held) / DEVICES,
  };
}

const formatKb = ({ median, p10, p90 }: Spread): string => `${kb(median)} (${kb(p10)}–${kb(p90)})`;
const kb = (bytes: number): string => (bytes / 1_000).toFixed(1);
