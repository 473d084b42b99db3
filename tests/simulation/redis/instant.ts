import type { Redis } from '@visavis/server';
import { createRedisServer, type RedisServer } from './server.ts';

/** A simulated Redis with no way in between: for the contracts of the adapters. */
export function connectInstantly(server: RedisServer = createRedisServer(() => Date.now() % 2 ** 31)): Redis {
  const handlers = new Map<string, Set<(message: string) => void>>();
  const listener = (channel: string, message: string): void => {
    for (const handle of handlers.get(channel) ?? []) handle(message);
  };
  return {
    run: async ({ text, keys, values }) => server.run(text, keys, values),
    publish: (channel, message) => {
      server.publish(channel, message);
    },
    subscribe: async (channel, handle) => {
      handlers.set(channel, (handlers.get(channel) ?? new Set()).add(handle));
      server.listen(channel, listener);
    },
    unsubscribe: async (channel, handle) => {
      handlers.get(channel)?.delete(handle);
    },
    handleGap: () => {},
    close: async () => {},
  };
}
