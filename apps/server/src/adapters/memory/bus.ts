import type { Bus, BusMessage, Subscription } from '../../ports.ts';

type Handle = (message: BusMessage) => void;

const READY = Promise.resolve();

/** An array, because it has one or two and a set is ten times as large. */
type Handlers = Map<string, readonly Handle[]>;

/** A class, because there is one for each socket and closures would be larger. */
class MemorySubscription implements Subscription {
  readonly ready = READY;
  readonly #handlers: Handlers;
  readonly #deviceId: string;
  readonly #handle: Handle;

  constructor(handlers: Handlers, deviceId: string, handle: Handle) {
    this.#handlers = handlers;
    this.#deviceId = deviceId;
    this.#handle = handle;
    handlers.set(deviceId, [...(handlers.get(deviceId) ?? []), handle]);
  }

  cancel(): void {
    const left = (this.#handlers.get(this.#deviceId) ?? []).filter((each) => each !== this.#handle);
    if (left.length > 0) this.#handlers.set(this.#deviceId, left);
    else this.#handlers.delete(this.#deviceId);
  }
}

/** The bus of a single node: a call. */
export function createMemoryBus(): Bus {
  const handlers: Handlers = new Map();
  return {
    publish: (deviceId, message) => {
      for (const handle of handlers.get(deviceId) ?? []) handle(message);
    },
    subscribe: (deviceId, handle) => new MemorySubscription(handlers, deviceId, handle),
    // There is nobody else.
    broadcast: () => {},
    listen: () => () => {},
  };
}
