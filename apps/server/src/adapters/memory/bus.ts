import type { Bus, BusMessage } from '../../ports.ts';

/** The bus of a single node: a call. */
export function createMemoryBus(): Bus {
  const handlers = new Map<string, Set<(message: BusMessage) => void>>();
  return {
    publish: (deviceId, message) => {
      for (const handle of handlers.get(deviceId) ?? []) handle(message);
    },
    subscribe: (deviceId, handle) => {
      const subscribed = handlers.get(deviceId) ?? new Set();
      subscribed.add(handle);
      handlers.set(deviceId, subscribed);
      return {
        ready: Promise.resolve(),
        cancel: () => {
          subscribed.delete(handle);
          if (subscribed.size === 0 && handlers.get(deviceId) === subscribed) handlers.delete(deviceId);
        },
      };
    },
    // There is nobody else.
    broadcast: () => {},
    listen: () => () => {},
  };
}
