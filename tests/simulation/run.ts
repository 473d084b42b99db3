import type { CallDevice } from '@visavis/call';
import { auditShape, KIND, RuleBroken } from '@visavis/call/simulation';
import { createLog, shareByRedis, type CorePorts, type PresentDevice } from '@visavis/server';
import type { DeviceKind } from '@visavis/protocol';
import { createDeadlineAudit } from './audit/deadlines.ts';
import { createDeviceWatch } from './audit/devices.ts';
import { findUnsettled } from './audit/end.ts';
import { createHealth } from './audit/health.ts';
import { createPushes } from './audit/pushes.ts';
import { breakSomething } from './breaker.ts';
import { createTables } from './database/tables.ts';
import { createSimulatedDevice, type SimulatedDevice } from './device/device.ts';
import { createHttp } from './device/http.ts';
import { createNode, type SimulatedNode } from './node/node.ts';
import { signIn, type Person, type Population } from './node/population.ts';
import type { Process } from './node/process.ts';
import { act } from './people.ts';
import { connectInstantly } from './redis/instant.ts';
import { createRedisServer } from './redis/server.ts';
import { createWorld, START_AT, type Trace, type World } from './world.ts';

export interface DistributedOptions {
  readonly seed: number;
  /** How many things people do and the world does to them. */
  readonly steps?: number;
  readonly trace?: Trace;
  /** Changes what a node gets, to plant a fault. */
  readonly alter?: (ports: CorePorts, process: Process) => CorePorts;
}

export interface DistributedResult {
  readonly seed: number;
  /** The rule that was broken and how; null if none was. */
  readonly broken: string | null;
  readonly counts: ReadonlyMap<string, number>;
  readonly worstDeadlineMs: number;
  readonly settledAfterMs: number;
  readonly trace: readonly string[];
}

const NODES = ['north', 'east', 'south'];
const NAMES = ['Ada', 'Ben', 'Cleo', 'Dan'];
const DEVICE_KINDS: readonly DeviceKind[] = ['desktop', 'phone', 'tablet'];
/** More than that in one run means that two parts keep answering each other for ever. */
const MAX_TASKS = 400_000;
/** By then everything has settled, whatever was broken before. */
const SETTLE_MS = 150_000;
const LOOK_MS = 1_000;

/**
 * Several nodes of the real server over a simulated PostgreSQL and a simulated Redis, and devices with the real client in
 * them. People call each other while nodes die, connections break and services go away, until all is quiet. The same options
 * give the same run.
 */
export async function runDistributed(options: DistributedOptions): Promise<DistributedResult> {
  const { seed, steps = 40, alter = (ports) => ports } = options;
  const world = createWorld(seed, options.trace ?? 'nothing');
  const { clock, random } = world;
  const now = (): number => clock.now();
  const population = createPopulation(world);
  const pushes = createPushes(world);
  let upAt = { redis: 0, database: 0 };
  const deadlines = createDeadlineAudit(
    world,
    () => tables,
    () => health,
  );
  const tables = createTables(now, (after, before) => {
    world.note(
      () => `= ${after.call.callId.slice(-4)} version ${String(after.version)} is ${after.call.state}`,
    );
    try {
      auditShape(before?.call ?? after.call, after.call);
    } catch (error) {
      world.fail(error);
    }
    deadlines.observe(after, before);
  });
  const server = createRedisServer(now, pushes.observe);
  const redis = { server, isUp: () => clock.now() >= upAt.redis };
  const database = { tables, isUp: () => clock.now() >= upAt.database };
  const nodes: SimulatedNode[] = [];
  const health = createHealth(world, () => nodes);
  for (const name of NODES.slice(0, random.between(2, 3)))
    nodes.push(
      createNode({ world, database, redis, population, noteUnheard: pushes.noteUnheard, alter }, name),
    );
  const devices: SimulatedDevice[] = [];
  const surroundings = {
    world,
    nodes,
    population,
    watch: createDeviceWatch(world, tables, pushes),
    http: createHttp(world, nodes, tables, population),
    mediaGone: (connectionIds: readonly string[]) => {
      clock.after(2_000, () => {
        for (const device of devices)
          for (const media of device.page()?.medias ?? []) for (const id of connectionIds) media.lose(id);
      });
    },
  };
  for (const device of population.devices.values()) devices.push(createSimulatedDevice(surroundings, device));
  for (const device of devices) clock.after(random.between(100, 2_000), () => device.open());

  const emptyRedis = (): void => {
    server.clear();
    pushes.forget();
  };
  const stop = (what: 'redis' | 'database', forMs: number): void => {
    upAt = { ...upAt, [what]: clock.now() + forMs };
  };
  const breakable = {
    world,
    nodes,
    devices,
    health,
    emptyRedis,
    stopRedis: (forMs: number, isEmptied: boolean) => {
      stop('redis', forMs);
      if (isEmptied) emptyRedis();
      for (const node of nodes) {
        node.run().redis.breakCommands();
        node.run().redis.breakListener();
      }
    },
    stopDatabase: (forMs: number) => {
      stop('database', forMs);
      for (const node of nodes) node.run().database.breakAll();
    },
  };

  let stepsLeft = steps;
  let isOver = false;
  let quietSince = 0;
  let unsettled: string | null = 'it has not begun';
  const next = (): void => {
    stepsLeft -= 1;
    if (random.chance(0.25)) breakSomething(breakable);
    else act(world, population, devices);
    if (stepsLeft > 0)
      clock.after(random.chance(0.6) ? random.between(0, 120) : random.between(0, 5_000), next);
    else {
      quietSince = clock.now();
      clock.after(LOOK_MS, () => void look());
    }
  };
  const listPresent = await watchPresence(server);
  const look = async (): Promise<void> => {
    const users = [...population.people.keys()];
    const lists = await Promise.all(
      users.map(async (userId) => [userId, await listPresent(userId)] as const),
    );
    const before = unsettled;
    unsettled = findUnsettled({ tables, population, devices, pushes, present: new Map(lists) });
    isOver = (before === null && unsettled === null) || clock.now() - quietSince > SETTLE_MS;
    if (unsettled !== before) world.note(() => `unsettled: ${String(unsettled)}`);
    clock.after(LOOK_MS, () => void look());
  };
  clock.after(3_000, next);

  const result = (broken: string | null): DistributedResult => ({
    seed,
    broken,
    counts: world.counts,
    worstDeadlineMs: deadlines.worstMs(),
    settledAfterMs: clock.now() - quietSince,
    trace: world.lines,
  });
  for (let tasks = 0; ; tasks += 1) {
    clock.runNext();
    await settled();
    if (isOver) break;
    const failure = world.failure();
    if (failure !== null) return result(describeFailure(failure));
    if (tasks > MAX_TASKS) return result('it never becomes quiet');
  }
  return result(unsettled === null ? null : `it does not settle: ${unsettled}`);
}

const describeFailure = (failure: unknown): string => {
  if (failure instanceof RuleBroken) return failure.message;
  if (failure instanceof Error)
    return `${failure.stack ?? failure.message}\n${describeFailure(failure.cause ?? '')}`;
  return String(failure);
};

/** Everything that promises have to do before the next thing happens. No time passes. */
const settled = async (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

function createPopulation(world: World): Population {
  const { random, makeId } = world;
  const ids = NAMES.slice(0, random.between(2, NAMES.length)).map((name) => ({
    name,
    userId: makeId(KIND.user),
  }));
  const people = new Map(
    ids.map(({ name, userId }): [string, Person] => [
      userId,
      {
        summary: { userId, handle: name.toLowerCase(), name, avatarUrl: null },
        callWaiting: random.chance(0.7),
        doNotDisturb: random.chance(0.1),
        blocks: new Set(
          ids.filter((other) => other.userId !== userId && random.chance(0.05)).map((other) => other.userId),
        ),
      },
    ]),
  );
  const population: Population = { people, devices: new Map() };
  for (const { name, userId } of ids) {
    for (const kind of DEVICE_KINDS.slice(0, random.between(1, 2))) {
      const deviceId = makeId(KIND.device);
      const device: CallDevice = { userId, deviceId, name: `${name}'s ${kind} ${deviceId.slice(-4)}`, kind };
      signIn(population, device, START_AT);
    }
  }
  return population;
}

/** Reads presence as a node would, at once. */
async function watchPresence(
  server: ReturnType<typeof createRedisServer>,
): Promise<(userId: string) => Promise<readonly PresentDevice[]>> {
  const clock = { now: () => 0, schedule: () => () => {} };
  const shared = await shareByRedis(connectInstantly(server), 'watcher', { clock, log: createLog('silent') });
  return async (userId) => shared.presence.listDevices(userId);
}
