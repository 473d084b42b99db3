import type { Bus, BusMessage, Subscription } from '../../ports.ts';

type Handle = (message: BusMessage) => void;

const READY = Promise.resolve();

/** The bus of a single node: a call. */
export function createMemoryBus(): Bus {
  /** An array, because it has one or two and a set is ten times as large. */
  const handlers = new Map<string, readonly Handle[]>();
  return {
    publish: (deviceId, message) => {
      for (const handle of handlers.get(deviceId) ?? []) handle(message);
    },
    subscribe: (deviceId, handle): Subscription => {
      handlers.set(deviceId, [...(handlers.get(deviceId) ?? []), handle]);
      return {
        ready: READY,
        cancel: () => {
          const left = (handlers.get(deviceId) ?? []).filter((each) => each !== handle);
          if (left.length > 0) handlers.set(deviceId, left);
          else handlers.delete(deviceId);
        },
      };
    },
    // There is nobody else.
    broadcast: () => {},
    listen: () => () => {},
  };
}
