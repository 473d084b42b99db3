import type { Redis } from './connect.ts';

type Hear = (text: string) => void;

/** One channel and everybody here who listens to it. */
export interface Channel {
  /** Resolves when everything that is published from then on is heard. */
  add(hear: Hear): Promise<void>;
  remove(hear: Hear): Promise<void>;
  /** Whether nobody listens and Redis knows that. */
  isIdle(): boolean;
}

/**
 * Redis is asked one thing after the other about a channel: the driver forgets a listener that leaves before Redis has
 * answered to its coming, and with it whoever came after it.
 */
export function createChannel(redis: Pick<Redis, 'subscribe' | 'unsubscribe'>, name: string): Channel {
  const listeners = new Set<Hear>();
  let isOpen = false;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  const hearAll = (text: string): void => {
    for (const hear of Array.from(listeners)) hear(text);
  };
  const follow = async (): Promise<void> => {
    if (listeners.size > 0 && !isOpen) {
      await redis.subscribe(name, hearAll);
      isOpen = true;
    } else if (listeners.size === 0 && isOpen) {
      await redis.unsubscribe(name, hearAll);
      isOpen = false;
    }
  };
  const next = async (): Promise<void> => {
    waiting += 1;
    last = last.then(follow, follow).finally(() => {
      waiting -= 1;
    });
    return last;
  };
  return {
    add: async (hear) => {
      listeners.add(hear);
      return next();
    },
    remove: async (hear) => {
      if (listeners.delete(hear)) await next();
    },
    isIdle: () => listeners.size === 0 && !isOpen && waiting === 0,
  };
}
