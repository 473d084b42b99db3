import { Unavailable, type Redis } from '@visavis/server';
import { createPath, type Path } from '../node/path.ts';
import type { Process } from '../node/process.ts';
import { count, type World } from '../world.ts';
import type { RedisServer } from './server.ts';
import { createSubscriptions } from './subscriptions.ts';

/** A Redis and whether it runs. */
export interface RedisPlace {
  readonly server: RedisServer;
  isUp(): boolean;
}

/** The two connections of one process to Redis, as its driver has them: see `openRedis`. */
export interface RedisLink {
  readonly redis: Redis;
  /** Neither side hears the other, and neither knows. */
  stall(): void;
  open(): void;
  /** A connection breaks, and both sides know. */
  breakCommands(): void;
  breakListener(): void;
}

/** As in the driver's settings. */
const COMMAND_MS = 2_000;
const SLOW_MS = 150;
const retryDelayMs = (tries: number): number => Math.min(50 * 2 ** tries, 1_000);

export function createRedisLink(world: World, process: Process, place: RedisPlace): RedisLink {
  const { clock } = world;
  const { server } = place;
  const commands = createPath(world, SLOW_MS);
  const listener = createPath(world, SLOW_MS);
  let canAsk = true;
  let canListen = true;
  const unanswered = new Set<() => void>();
  const unheard = new Set<() => void>();
  const gapHandlers: (() => void)[] = [];

  const hear = (channel: string, message: string): void => {
    listener.down(() => {
      process.enter(() => {
        subscriptions.hear(channel, message);
      });
    });
  };
  const subscriptions = createSubscriptions({
    listen: (channel, done) => {
      listener.up(() => {
        server.listen(channel, hear);
        listener.down(() => process.enter(done));
      });
    },
    unlisten: (channel, done) => {
      listener.up(() => {
        server.unlisten(channel, hear);
        listener.down(() => process.enter(done));
      });
    },
  });
  const reconnect = (path: Path, done: () => void, tries = 0): void => {
    clock.after(retryDelayMs(tries), () => {
      if (!process.isAlive()) return;
      if (place.isUp() && path.isOpen()) done();
      else reconnect(path, done, tries + 1);
    });
  };
  const breakCommands = (): void => {
    if (!canAsk) return;
    canAsk = false;
    commands.reset();
    for (const fail of Array.from(unanswered)) fail();
    reconnect(commands, () => {
      canAsk = true;
    });
  };
  const breakListener = (): void => {
    if (!canListen) return;
    canListen = false;
    listener.reset();
    server.drop(hear);
    for (const fail of Array.from(unheard)) fail();
    reconnect(listener, () => {
      canListen = true;
      for (const channel of subscriptions.channels()) server.listen(channel, hear);
      process.enter(() => {
        count(world, 'gaps');
        for (const handle of gapHandlers) handle();
      });
    });
  };
  /** What was not answered when the connection broke has failed. */
  const ask = async (send: (done: () => void) => void): Promise<void> =>
    process.ask((resolve, reject) => {
      const fail = (): void => {
        unheard.delete(fail);
        reject(new Unavailable('Redis does not answer'));
      };
      if (!canListen) {
        fail();
        return;
      }
      unheard.add(fail);
      send(() => {
        if (unheard.delete(fail)) resolve();
      });
    });
  process.onDeath(() => {
    commands.reset();
    listener.reset();
    server.drop(hear);
  });

  return {
    breakCommands,
    breakListener,
    stall: () => {
      commands.stall();
      listener.stall();
    },
    open: () => {
      commands.open();
      listener.open();
    },
    redis: {
      run: async ({ text, keys, values }) =>
        process.ask((resolve, reject) => {
          const fail = (): void => {
            unanswered.delete(fail);
            cancelTimeout();
            reject(new Unavailable('Redis does not answer'));
          };
          const cancelTimeout = clock.after(COMMAND_MS, fail);
          if (!canAsk) {
            fail();
            return;
          }
          unanswered.add(fail);
          commands.up(() => {
            const reply = server.run(text, keys, values);
            world.detail(
              () =>
                `${process.name} asked Redis ${keys.join(' ')} ${values.join(' ')}: ${JSON.stringify(reply)}`,
            );
            commands.down(() => {
              if (!unanswered.delete(fail)) {
                count(world, 'lostReplies');
                return;
              }
              cancelTimeout();
              resolve(reply);
            });
          });
        }),
      publish: (channel, message) => {
        if (process.leave() && canAsk) commands.up(() => void server.publish(channel, message));
      },
      subscribe: async (channel, handle) => ask((done) => subscriptions.add(channel, handle, done)),
      unsubscribe: async (channel, handle) => ask((done) => subscriptions.remove(channel, handle, done)),
      handleGap: (handle) => {
        gapHandlers.push(handle);
      },
      close: async () => {},
    },
  };
}
