import { createHash } from 'node:crypto';
import { createClient, ErrorReply } from '@redis/client';
import type { Log } from '../../ports.ts';
import type { Secret } from '../../secret.ts';
import { Unavailable } from '../../unavailable.ts';

/** A script that Redis runs as one step, and what it is given. */
export interface Script {
  readonly text: string;
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** The connections of one process: one for commands, one that listens. */
export interface Redis {
  /** @throws {@link Unavailable} when there is no answer; the script may have been run */
  run(script: Script): Promise<unknown>;
  publish(channel: string, message: string): void;
  /** Resolves when messages arrive. After a lost connection it goes on by itself. */
  subscribe(channel: string, handle: (message: string) => void): Promise<void>;
  unsubscribe(channel: string, handle: (message: string) => void): Promise<void>;
  /** Tells whenever messages may have been lost. */
  handleGap(handle: () => void): void;
  close(): Promise<void>;
}

/** The server is there, but does not let this one in; the message says what to do. */
export class CannotUseRedis extends Error {
  override readonly name = 'CannotUseRedis';
}

const CONNECT_MS = 3_000;
/** A command that takes longer has no answer. */
const COMMAND_MS = 2_000;
const LONGEST_WAIT_MS = 1_000;
const PING_MS = 5_000;

/** Answers of a server that starts, is full or is no longer the primary. */
const PASSING = /^(LOADING|MASTERDOWN|READONLY|TRYAGAIN|CLUSTERDOWN|BUSY|OOM|MISCONF)\b/;
/** Answers to a wrong password or account, or to none: asked again, it says the same. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|Client sent AUTH|invalid password))\b/;

/**
 * Connects, and waits for the server however long that takes.
 *
 * @param notify - told at every failed try
 * @throws {CannotUseRedis} when it answers, but refuses
 */
export async function openRedis(url: Secret, log: Log, notify: (message: string) => void): Promise<Redis> {
  const { host } = new URL(url.reveal());
  const create = () =>
    createClient({
      url: url.reveal(),
      // What cannot be asked now fails now: whoever asks knows best whether to repeat it.
      disableOfflineQueue: true,
      commandOptions: { timeout: COMMAND_MS },
      pingInterval: PING_MS,
      socket: {
        connectTimeout: CONNECT_MS,
        reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, LONGEST_WAIT_MS),
      },
    });
  const commands = create();
  const listener = create();
  let isOpen = false;
  const gapHandlers: (() => void)[] = [];
  const refused = new Promise<never>((_, reject) => {
    for (const client of [commands, listener]) {
      client.on('error', (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (isOpen) log.warn('a connection to Redis failed', { reason });
        else if (error instanceof ErrorReply && REFUSED.test(reason)) reject(refusal(host, error));
        else notify(`Redis at ${host} cannot be reached (${reason}). Trying again.`);
      });
    }
  });
  listener.on('ready', () => {
    if (isOpen) for (const handle of gapHandlers) handle();
  });
  const close = (): void => {
    commands.destroy();
    listener.destroy();
  };
  try {
    await Promise.race([Promise.all([commands.connect(), listener.connect()]), refused]);
  } catch (error) {
    close();
    throw error;
  }
  isOpen = true;

  const hashes = new Map<string, string>();
  /** By its hash: Redis knows a script that it has run, until it is restarted. */
  const runKnown = async ({ text, keys, values }: Script): Promise<unknown> => {
    const hash = hashes.get(text) ?? createHash('sha1').update(text).digest('hex');
    hashes.set(text, hash);
    const options = { keys: [...keys], arguments: [...values] };
    try {
      return await commands.evalSha(hash, options);
    } catch (error) {
      if (!(error instanceof ErrorReply) || !error.message.startsWith('NOSCRIPT')) throw error;
      return commands.eval(text, options);
    }
  };

  return {
    run: async ({ text, keys, values }) => {
      try {
        return await runKnown({ text, keys, values });
      } catch (error) {
        if (error instanceof ErrorReply && !PASSING.test(error.message)) throw error;
        throw new Unavailable('Redis does not answer', { cause: error });
      }
    },
    publish: (channel, message) => {
      commands.publish(channel, message).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn('a message to other nodes was lost', { reason });
      });
    },
    subscribe: async (channel, handle) =>
      listener.subscribe(channel, handle).catch((error: unknown) => {
        throw new Unavailable('Redis does not answer', { cause: error });
      }),
    unsubscribe: async (channel, handle) => listener.unsubscribe(channel, handle),
    handleGap: (handle) => {
      gapHandlers.push(handle);
    },
    close: async () => close(),
  };
}

const refusal = (host: string, error: ErrorReply): CannotUseRedis =>
  new CannotUseRedis(`Redis at ${host} refuses this server: ${error.message} See VISAVIS_REDIS_URL.`, {
    cause: error,
  });
