import type { Health } from './audit/health.ts';
import type { SimulatedDevice } from './device/device.ts';
import type { SimulatedNode } from './node/node.ts';
import { count, type World } from './world.ts';

/** What can be broken. */
export interface Breakable {
  readonly world: World;
  readonly nodes: readonly SimulatedNode[];
  readonly devices: readonly SimulatedDevice[];
  readonly health: Health;
  /** Redis forgets everything, and goes on. */
  readonly emptyRedis: () => void;
  /** Redis is away for that long; it may come back empty. */
  readonly stopRedis: (forMs: number, isEmptied: boolean) => void;
  readonly stopDatabase: (forMs: number) => void;
}

/** How long a node waits at most for what was asked when the database went away. */
const QUERY_MS = 7_000;
const COMMAND_MS = 2_000;

/** Something goes wrong, mostly for one device or one node. */
export function breakSomething(parts: Breakable): void {
  const { random } = parts.world;
  if (random.chance(0.4)) breakDevice(parts);
  else if (random.chance(0.75)) breakNode(parts);
  else breakService(parts);
}

function breakDevice({ world, devices }: Breakable): void {
  const { random } = world;
  const alive = devices.filter((device) => device.isAlive() && device.page() !== null);
  const device = random.pick(alive);
  const socket = device?.page()?.socket;
  if (device === undefined || socket === undefined || socket === null) return;
  count(world, 'lostSockets');
  const roll = random.next();
  world.note(() => `${device.device.name} is cut off`);
  if (random.chance(0.1)) device.setClock();
  if (roll < 0.1) device.goDark(random.between(3_000, 30_000));
  else if (roll < 0.4) socket.cut();
  else if (roll < 0.7) socket.drop();
  else if (roll < 0.9 || alive.length < 3)
    device.reload(random.between(50, random.chance(0.2) ? 20_000 : 2_000));
  else device.reload(null);
}

function breakNode({ world, nodes, health }: Breakable): void {
  const { random, clock } = world;
  const node = random.pick(nodes);
  if (node === undefined) return;
  const { process, redis, database } = node.run();
  const roll = random.next();
  if (roll < 0.45) {
    count(world, 'crashes');
    // Between any two steps: of those that go out, one is the last.
    process.kill(random.chance(0.2) ? 0 : random.between(1, 40));
  } else if (roll < 0.6) {
    count(world, 'stops');
    const forMs = random.chance(0.6) ? random.between(100, 3_000) : random.between(3_000, 12_000);
    health.trouble(node, clock.now() + forMs);
    process.pause(forMs);
  } else if (roll < 0.7) {
    count(world, 'drains');
    node.drain();
  } else if (roll < 0.8) {
    const forMs = random.between(200, 8_000);
    count(world, 'stalls');
    world.note(() => `${process.name} and Redis do not hear each other for ${String(forMs)} ms`);
    health.trouble(node, clock.now() + forMs + COMMAND_MS);
    redis.stall();
    clock.after(forMs, () => {
      redis.open();
      if (random.chance(0.5)) redis.breakListener();
      if (random.chance(0.5)) redis.breakCommands();
    });
  } else if (roll < 0.9) {
    const forMs = random.between(200, 8_000);
    count(world, 'stalls');
    world.note(() => `${process.name} and the database do not hear each other for ${String(forMs)} ms`);
    health.trouble(node, clock.now() + forMs + QUERY_MS);
    database.stall();
    clock.after(forMs, () => database.open());
  } else if (roll < 0.95) {
    count(world, 'nodeClocksSet');
    node.setClock();
  } else {
    count(world, 'resets');
    world.note(() => `${process.name} loses connections`);
    health.trouble(node, clock.now() + COMMAND_MS);
    if (random.chance(0.6)) redis.breakListener();
    if (random.chance(0.6)) redis.breakCommands();
    if (random.chance(0.3)) database.breakAll();
  }
}

function breakService({ world, health, emptyRedis, stopRedis, stopDatabase }: Breakable): void {
  const { random, clock } = world;
  const roll = random.next();
  if (roll < 0.4) {
    count(world, 'emptied');
    world.note(() => 'Redis is emptied');
    emptyRedis();
  } else if (roll < 0.7) {
    const forMs = random.between(50, 4_000);
    count(world, 'redisOutages');
    world.note(() => `Redis is away for ${String(forMs)} ms`);
    health.troubleAll(clock.now() + forMs + COMMAND_MS);
    stopRedis(forMs, random.chance(0.5));
  } else {
    const forMs = random.between(50, 4_000);
    count(world, 'databaseOutages');
    world.note(() => `the database is away for ${String(forMs)} ms`);
    health.troubleAll(clock.now() + forMs);
    stopDatabase(forMs);
  }
}
