import { CLOSE, PROTOCOL_VERSION, TIMES, type UnnumberedEvent } from '@visavis/protocol';
import { createLog, shareByRedis, Unavailable, type CorePorts } from '@visavis/server';
import { KIND } from '@visavis/call/simulation';
import { beforeEach, expect, test } from 'vitest';
import { createTables } from './database/tables.ts';
import { createNode, type SimulatedNode } from './node/node.ts';
import { signIn, type Population } from './node/population.ts';
import { openSocket } from './node/socket.ts';
import { connectInstantly } from './redis/instant.ts';
import { createRedisServer } from './redis/server.ts';
import { createWorld, START_AT } from './world.ts';

/** The steps of a node that a test can hold back. */
type Step = 'setOnline' | 'setLost' | 'setOffline' | 'open';

const event: UnnumberedEvent = {
  type: 'call_progress',
  callId: '00000000-0000-4000-8000-000000000000',
  payload: { progress: [], ringDeadlineAt: 1 },
};

/** Two nodes and one device, whose sockets are opened by hand. What the first node does can be held back, or its answer lost. */
async function createBench() {
  const world = createWorld(1, 'nothing');
  const { clock } = world;
  const tables = createTables(
    () => clock.now(),
    () => {},
  );
  const server = createRedisServer(() => clock.now());
  const userId = world.makeId(KIND.user);
  const deviceId = world.makeId(KIND.device);
  const summary = { userId, handle: 'ada', name: 'Ada', avatarUrl: null };
  const population: Population = {
    people: new Map([[userId, { summary, callWaiting: true, doNotDisturb: false, blocks: new Set() }]]),
    devices: new Map(),
  };
  signIn(population, { userId, deviceId, name: 'Phone', kind: 'phone' }, START_AT);

  const holding = new Set<Step>();
  const held = new Map<Step, () => void>();
  let losesAnswer = false;
  const step = async (name: Step): Promise<void> => {
    if (holding.has(name))
      await new Promise<void>((resolve) => {
        held.set(name, resolve);
      });
  };
  const slow = ({ presence, sessions, ...ports }: CorePorts): CorePorts => ({
    ...ports,
    presence: {
      ...presence,
      setOnline: async (...input) => {
        await step('setOnline');
        const claimed = await presence.setOnline(...input);
        if (losesAnswer) throw new Unavailable('the answer is lost');
        return claimed;
      },
      setLost: async (...input) => {
        await step('setLost');
        return presence.setLost(...input);
      },
      setOffline: async (...input) => {
        await step('setOffline');
        await presence.setOffline(...input);
      },
    },
    sessions: {
      ...sessions,
      open: async (...input) => {
        await step('open');
        return sessions.open(...input);
      },
    },
  });
  const nodes = ['north', 'east'].map((name) =>
    createNode(
      {
        world,
        database: { tables, isUp: () => true },
        redis: { server, isUp: () => true },
        population,
        noteUnheard: () => {},
        alter: (ports, process) => (process.name.startsWith('north') ? slow(ports) : ports),
      },
      name,
    ),
  );
  const quiet = { clock: { now: () => 0, schedule: () => () => {} }, log: createLog('silent') };
  const { presence, sessions } = await shareByRedis(connectInstantly(server), 'watcher', quiet);

  const pass = async (ms: number, isDone: () => boolean = () => false): Promise<void> => {
    const until = clock.now() + ms;
    while (clock.now() < until && !isDone()) {
      clock.runNext();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    if (world.failure() !== null) throw world.failure();
  };
  const open = (node: SimulatedNode | undefined, said: { openedAt?: number; window?: string }) => {
    if (node === undefined) throw new Error('there is no such node');
    const heard: string[] = [];
    const closed: number[] = [];
    const socket = openSocket(world, node, population, deviceId, {
      onOpen: () => {
        const payload = { protocol: PROTOCOL_VERSION, deviceId, resume: null, ...said };
        socket.send(JSON.stringify({ type: 'register', id: 'r', payload }));
      },
      onText: (text) => heard.push(text),
      onClose: (code) => closed.push(code),
    });
    return {
      closed,
      drop: () => socket.drop(),
      has: (type: string) =>
        heard.some((text) => text.startsWith(`{"type":"${type}"`) || text.includes(`"type":"${type}"`)),
    };
  };
  await pass(2_000, () => nodes.every((node) => node.run().core() !== null));
  await pass(1_000);
  return {
    pass,
    north: nodes[0],
    east: nodes[1],
    open,
    until: async (what: string, isDone: () => boolean) => {
      await pass(20_000, isDone);
      expect(isDone(), what).toBe(true);
    },
    hold: (name: Step) => holding.add(name),
    isHeld: (name: Step) => held.has(name),
    goOn: (name: Step) => {
      holding.delete(name);
      held.get(name)?.();
    },
    loseAnswer: () => {
      losesAnswer = true;
    },
    list: async () => presence.listDevices(userId),
    push: async () => sessions.push(deviceId, event),
  };
}

let bench: Awaited<ReturnType<typeof createBench>>;
beforeEach(async () => {
  bench = await createBench();
});

/** The later socket has the device for good: it stays, hears what is said to the device, and counts as connected. */
async function expectTaken(later: ReturnType<typeof bench.open>): Promise<void> {
  await bench.pass(TIMES.resumeMs / 2);
  expect(await bench.push()).not.toBeNull();
  await bench.until('it hears of it', () => later.has('call_progress'));
  expect(later.closed).toEqual([]);
  expect(await bench.list()).toMatchObject([{ isConnected: true }]);
}

const EARLIER = { openedAt: 1_000, window: 'window' };
const LATER = { openedAt: 1_400, window: 'window' };

test('SES3 a socket that was given up, and whose node takes the device last, takes it from nobody', async () => {
  bench.hold('setOnline');
  const earlier = bench.open(bench.north, EARLIER);
  await bench.until('it registers', () => bench.isHeld('setOnline'));
  const later = bench.open(bench.east, LATER);
  await bench.until('the later one is registered', () => later.has('registered'));
  bench.goOn('setOnline');
  await bench.until('the earlier one is sent away', () => earlier.closed.length > 0);
  expect(earlier.closed).toEqual([CLOSE.restart]);
  await expectTaken(later);
});

test('SES3 nor does one of another window, which was there before a reload', async () => {
  bench.hold('setOnline');
  const earlier = bench.open(bench.north, EARLIER);
  await bench.until('it registers', () => bench.isHeld('setOnline'));
  const later = bench.open(bench.east, { ...LATER, window: 'reloaded' });
  await bench.until('the later one is registered', () => later.has('registered'));
  earlier.drop();
  bench.goOn('setOnline');
  await expectTaken(later);
});

test('SES3 a socket that was given up, and whose session is opened last, has none', async () => {
  bench.hold('open');
  const earlier = bench.open(bench.north, EARLIER);
  await bench.until('it has the device', () => bench.isHeld('open'));
  const later = bench.open(bench.east, LATER);
  await bench.until('the later one is registered', () => later.has('registered'));
  expect(earlier.closed).toEqual([CLOSE.restart]);
  bench.goOn('open');
  await expectTaken(later);
  expect(earlier.has('registered')).toBe(false);
});

test.each(['setLost', 'setOffline'] as const)(
  'SES3 a node that lost the socket and is late with %s removes nothing that another node has',
  async (late) => {
    bench.hold(late);
    const earlier = bench.open(bench.north, EARLIER);
    await bench.until('it is registered', () => earlier.has('registered'));
    earlier.drop();
    await bench.until('the node is about to say so', () => bench.isHeld(late));
    const later = bench.open(bench.east, LATER);
    await bench.until('the later one is registered', () => later.has('registered'));
    bench.goOn(late);
    await expectTaken(later);
  },
);

test('SES4 a device whose registration failed half-way, and which does not come back, does not count as online', async () => {
  bench.loseAnswer();
  const only = bench.open(bench.north, EARLIER);
  await bench.until('it is sent away', () => only.closed.length > 0);
  expect(only.closed).toEqual([CLOSE.restart]);
  expect(await bench.list()).toHaveLength(1);
  await bench.pass(TIMES.reconnectGraceMs + 2_000);
  expect(await bench.list()).toEqual([]);
});
