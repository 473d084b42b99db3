import type { Bus, BusMessage, Subscription } from '../../ports.ts';

type Handle = (message: BusMessage) => void;

const READY = Promise.resolve();

/** An array, because it has one or two and a set is ten times as large. */
type Handlers = Map<string, readonly Handle[]>;

function subscribe(handlers: Handlers, deviceId: string, handle: Handle): Subscription {
  handlers.set(deviceId, [...(handlers.get(deviceId) ?? []), handle]);
  return {
    ready: READY,
    cancel() {
      const left = (handlers.get(deviceId) ?? []).filter((each) => each !== handle);
      if (left.length > 0) handlers.set(deviceId, left);
      else handlers.delete(deviceId);
    },
  };
}

/** The bus of a single node: a call. */
export function createMemoryBus(): Bus {
  const handlers: Handlers = new Map();
  return {
    publish: (deviceId, message) => {
      for (const handle of handlers.get(deviceId) ?? []) handle(message);
    },
    subscribe: (deviceId, handle) => subscribe(handlers, deviceId, handle),
    // There is nobody else.
    broadcast: () => {},
    listen: () => () => {},
  };
}
