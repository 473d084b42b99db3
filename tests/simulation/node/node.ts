import {
  createCore,
  createNoMeter,
  createSecret,
  shareByRedis,
  Unavailable,
  type Core,
  type CorePorts,
} from '@visavis/server';
import { KIND } from '@visavis/call/simulation';
import type { UnnumberedEvent } from '@visavis/protocol';
import { createSimulatedCalls } from '../database/calls.ts';
import { createDatabaseLink, type DatabaseLink, type DatabasePlace } from '../database/link.ts';
import { createRedisLink, type RedisLink, type RedisPlace } from '../redis/link.ts';
import { count, type World } from '../world.ts';
import { createNoGroups } from './noGroups.ts';
import { createSimulatedAccounts, type Population } from './population.ts';
import { createProcess, type Process } from './process.ts';

/** What all nodes share. */
export interface Surroundings {
  readonly world: World;
  readonly database: DatabasePlace;
  readonly redis: RedisPlace;
  readonly population: Population;
  /** A session is asked to take an event, and is not there. */
  readonly noteUnheard: (event: UnnumberedEvent) => void;
  /** Changes what a node gets, to plant a fault. */
  readonly alter: (ports: CorePorts, process: Process) => CorePorts;
}

/** One run of a node: a process, its ways to the services, and the server's own code on them. */
export interface NodeRun {
  readonly process: Process;
  readonly redis: RedisLink;
  readonly database: DatabaseLink;
  /** Null until it has started. */
  readonly core: () => Core | null;
}

/** A place where a process of the server runs, and is started again when it ends. */
export interface SimulatedNode {
  readonly name: string;
  readonly run: () => NodeRun;
  /** Its clock is set, to another wrong time. */
  setClock(): void;
  /** SIGTERM: tells its devices, finishes what it has begun, and is started again. */
  drain(): void;
}

const RING_MS = 12_000;
/** As in `main.ts` for several nodes. */
const PATROL_MS = 500;
/** The operator's handbook asks for clocks that agree within a few hundred milliseconds. */
const MOST_SKEW_MS = 150;

export function createNode(surroundings: Surroundings, name: string): SimulatedNode {
  const { world } = surroundings;
  const pickSkew = (): number => world.random.between(-MOST_SKEW_MS, MOST_SKEW_MS);
  let skewMs = pickSkew();
  let starts = 0;
  let run: NodeRun;

  const start = (): void => {
    starts += 1;
    run = startRun(surroundings, `${name}.${String(starts)}`, skewMs);
    count(world, 'starts');
    run.process.onDeath(() => {
      world.clock.after(world.random.between(200, 6_000), start);
    });
  };
  start();
  return {
    name,
    run: () => run,
    setClock: () => {
      skewMs = pickSkew();
      run.process.setSkew(skewMs);
    },
    drain: () => {
      const { process, core } = run;
      const stopping = core();
      if (stopping === null) return;
      world.note(() => `${process.name} drains`);
      process.enter(() => {
        stopping
          .close(async () => {})
          .catch((error: unknown) => {
            if (!(error instanceof Unavailable)) world.fail(error);
          })
          .finally(() => process.kill());
      });
    },
  };
}

function startRun(surroundings: Surroundings, name: string, skewMs: number): NodeRun {
  const { world, population, alter } = surroundings;
  const process = createProcess(world, name, skewMs);
  const redis = createRedisLink(world, process, surroundings.redis);
  const database = createDatabaseLink(world, process, surroundings.database);
  const log = createSimulatedLog(world, name);
  let core: Core | null = null;

  const open = async (): Promise<void> => {
    const shared = await shareByRedis(redis.redis, name, { clock: process.clock, log });
    const ports: CorePorts = {
      ...shared,
      ...createNoGroups(),
      sessions: {
        ...shared.sessions,
        push: async (deviceId, event, key, order) => {
          const pushed = await shared.sessions.push(deviceId, event, key, order);
          if (pushed === null) surroundings.noteUnheard(event);
          return pushed;
        },
      },
      clock: process.clock,
      random: { id: () => world.makeId(KIND.session), token: () => 'token' },
      log,
      accounts: createSimulatedAccounts(population, database.query),
      calls: createSimulatedCalls(database.query),
      history: {
        countMissedUnseen: async (userId) =>
          database.query(
            ({ history, calls }) =>
              history.filter((line) => {
                const call = calls.get(line.callId)?.call;
                return (
                  line.userId === userId && line.seenAt === null && call !== undefined && 'endedAt' in call
                );
              }).length,
          ),
      },
      meter: createNoMeter(),
      serverSecret: createSecret('the same for all nodes'),
    };
    core = await createCore(alter(ports, process), { ringMs: RING_MS, patrolMs: PATROL_MS, region: null });
    world.note(() => `${name} is ready`);
  };
  open().catch((error: unknown) => {
    // Started without what it needs, it ends, and is started again.
    if (error instanceof Unavailable) process.kill();
    else world.fail(error);
  });
  return { process, redis, database, core: () => (process.isAlive() ? core : null) };
}

/** What goes wrong for another reason than a service that does not answer is a fault. */
function createSimulatedLog(world: World, name: string): CorePorts['log'] {
  const say: CorePorts['log']['info'] = (message, facts) => {
    world.note(
      () => `${name} says: ${message} ${JSON.stringify({ ...facts, error: String(facts?.['error'] ?? '') })}`,
    );
  };
  return {
    debug: () => {},
    info: say,
    warn: say,
    error: (message, facts) => {
      say(message, facts);
      const error = facts?.['error'];
      if (!(error instanceof Unavailable)) world.fail(new Error(`${name}: ${message}`, { cause: error }));
    },
  };
}
