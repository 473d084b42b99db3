import { createKeyspace, type Reply } from './keyspace.ts';
import { createScripts } from './scripts.ts';

/** Gets what is published on a channel. */
export type Listener = (channel: string, message: string) => void;

/** One Redis: its data, its scripts and whoever listens. All of it happens at once and one thing after the other. */
export interface RedisServer {
  run(text: string, keys: readonly string[], values: readonly string[]): Reply;
  publish(channel: string, message: string): number;
  listen(channel: string, listener: Listener): void;
  unlisten(channel: string, listener: Listener): void;
  /** A connection is gone, and with it everything it listened to. */
  drop(listener: Listener): void;
  clear(): void;
}

/** @param observe - sees every message that is published, before it is under way */
export function createRedisServer(now: () => number, observe: Listener = () => {}): RedisServer {
  const channels = new Map<string, Set<Listener>>();
  const publish = (channel: string, message: string): number => {
    observe(channel, message);
    const listeners = [...(channels.get(channel) ?? [])];
    for (const listener of listeners) listener(channel, message);
    return listeners.length;
  };
  const keyspace = createKeyspace(now, publish);
  const scripts = createScripts((command, ...args) => keyspace.call(command, ...args));
  return {
    publish,
    run: (text, keys, values) => scripts.run(text, keys, values),
    listen: (channel, listener) => {
      channels.set(channel, (channels.get(channel) ?? new Set()).add(listener));
    },
    unlisten: (channel, listener) => {
      channels.get(channel)?.delete(listener);
    },
    drop: (listener) => {
      for (const listeners of channels.values()) listeners.delete(listener);
    },
    clear: () => {
      keyspace.clear();
    },
  };
}
