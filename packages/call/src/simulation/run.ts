import type { DeviceKind } from '@visavis/protocol';
import type { CallDevice } from '../server/index.ts';
import { auditEnd } from './auditEnd.ts';
import { createVirtualClock } from './clock.ts';
import { createDevice, type SimulatedDevice } from './device.ts';
import { REAL_MACHINES, type Machines } from './machines.ts';
import { act } from './people.ts';
import { createIds, createRandom, type Random } from './random.ts';
import { createServer } from './server.ts';
import { createStore } from './store.ts';
import { createCounts, KIND, RuleBroken, type Counts, type SimulatedUser, type World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** How many things people do and the world does to them; 60 unless told otherwise. */
  readonly steps?: number;
  readonly machines?: Machines;
  /** Writes every message as text and reads it by the protocol's schemas. Ten times as slow. */
  readonly realWire?: boolean;
  /** Keeps a line for everything that happens. Slow: for a seed that failed. */
  readonly trace?: boolean;
}

export interface SimulationResult {
  readonly seed: number;
  /** The rule that was broken and how; null if none was. */
  readonly broken: string | null;
  readonly counts: Counts;
  readonly trace: readonly string[];
}

/** More than that in one run means that two parts keep answering each other for ever. */
const MAX_TASKS = 100_000;
const START_AT = 1_750_000_000_000;

/**
 * Some people with several devices each use the real machines over wires that delay, break and come back, until all is
 * quiet. What has to hold is checked after every step and at the end. The same options give the same run.
 */
export function runSimulation(options: SimulationOptions): SimulationResult {
  const { seed, steps = 60, machines = REAL_MACHINES } = options;
  const random = createRandom(seed);
  const clock = createVirtualClock(START_AT);
  const lines: string[] = [];
  let stepsLeft = steps;
  const world: World = {
    random,
    clock,
    machines,
    makeId: createIds(),
    note:
      options.trace === true ? (text) => void lines.push(`${clock.now() - START_AT} ${text()}`) : () => {},
    counts: createCounts(),
    isWireReal: options.realWire === true,
  };
  const result = (broken: string | null): SimulationResult => ({
    seed,
    broken,
    counts: world.counts,
    trace: lines,
  });
  try {
    const cast = createCast(world);
    const next = (): void => {
      stepsLeft -= 1;
      act(cast);
      if (stepsLeft > 0)
        clock.after(random.chance(0.6) ? random.between(0, 120) : random.between(0, 9_000), next);
    };
    for (const { link } of cast.devices) clock.after(random.between(0, 500), () => link.connect());
    clock.after(1_000, next);
    let tasks = 0;
    while (clock.runNext()) {
      tasks += 1;
      if (tasks > MAX_TASKS) return result('it never becomes quiet');
    }
    auditEnd(cast.devices, cast.server, cast.store);
    return result(null);
  } catch (error) {
    if (error instanceof RuleBroken) return result(error.message);
    throw error;
  }
}

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dan'];
const DEVICE_KINDS: readonly DeviceKind[] = ['desktop', 'phone', 'tablet'];

function createUsers(world: World): readonly SimulatedUser[] {
  const { random, makeId } = world;
  const count = random.between(2, NAMES.length);
  const ids = NAMES.slice(0, count).map((name) => ({ name, userId: makeId(KIND.user) }));
  return ids.map(({ name, userId }) => ({
    summary: { userId, handle: name.toLowerCase(), name, avatarUrl: null },
    callWaiting: random.chance(0.7),
    doNotDisturb: random.chance(0.1),
    blocks: new Set(
      ids.filter((other) => other.userId !== userId && random.chance(0.05)).map((other) => other.userId),
    ),
  }));
}

function createDevices(world: World, random: Random, users: readonly SimulatedUser[]): readonly CallDevice[] {
  return users.flatMap(({ summary }) =>
    DEVICE_KINDS.slice(0, random.between(1, DEVICE_KINDS.length)).map((kind) => ({
      userId: summary.userId,
      deviceId: world.makeId(KIND.device),
      name: `${summary.name}'s ${kind}`,
      kind,
    })),
  );
}

function createCast(world: World) {
  const users = createUsers(world);
  const list = createDevices(world, world.random, users);
  const store = createStore();
  const server = createServer(
    world,
    store,
    new Map(users.map((user) => [user.summary.userId, user])),
    new Map(list.map((device) => [device.deviceId, device])),
  );
  const devices: SimulatedDevice[] = [];
  const mediaGone = (connectionIds: readonly string[]): void => {
    world.clock.after(2_000, () => {
      for (const connectionId of connectionIds) for (const device of devices) device.loseMedia(connectionId);
    });
  };
  const surroundings = { world, server, store, mediaGone };
  for (const device of list) devices.push(createDevice(surroundings, device));
  return { world, users, devices, server, store };
}
