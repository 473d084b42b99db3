type Handle = (message: string) => void;
interface Heard {
  readonly handles: Set<Handle>;
  isLeaving: boolean;
}

/** Tells Redis what is listened to; `done` is called when it has answered. */
interface Commands {
  readonly listen: (channel: string, done: () => void) => void;
  readonly unlisten: (channel: string, done: () => void) => void;
}

/** Who listens to what, as the driver (`@redis/client` 6) keeps it: it adds and removes when Redis has answered. */
export interface Subscriptions {
  hear(channel: string, message: string): void;
  add(channel: string, handle: Handle, done: () => void): void;
  remove(channel: string, handle: Handle, done: () => void): void;
  /** What is listened to anew on a new connection. */
  channels(): readonly string[];
}

export function createSubscriptions({ listen, unlisten }: Commands): Subscriptions {
  const heard = new Map<string, Heard>();
  return {
    hear: (channel, message) => {
      for (const handle of Array.from(heard.get(channel)?.handles ?? [])) handle(message);
    },
    add: (channel, handle, done) => {
      const known = heard.get(channel);
      if (known !== undefined && !known.isLeaving) {
        known.handles.add(handle);
        done();
        return;
      }
      listen(channel, () => {
        const entry = heard.get(channel) ?? { handles: new Set(), isLeaving: false };
        heard.set(channel, entry);
        entry.handles.add(handle);
        done();
      });
    },
    remove: (channel, handle, done) => {
      const known = heard.get(channel);
      if (known !== undefined) {
        const left = known.handles.size - (known.handles.has(handle) ? 1 : 0);
        if (left > 0) {
          known.handles.delete(handle);
          done();
          return;
        }
        known.isLeaving = true;
      }
      unlisten(channel, () => {
        const entry = heard.get(channel);
        entry?.handles.delete(handle);
        if (entry?.handles.size === 0) heard.delete(channel);
        done();
      });
    },
    channels: () => [...heard.keys()],
  };
}
