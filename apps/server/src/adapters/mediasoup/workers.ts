import { createWorker, type types } from 'mediasoup';
import type { Cancel, Clock, Log } from '../../ports.ts';
import { toError } from '../../toError.ts';
import { listen, type ListenAddress } from './listen.ts';

export interface WorkersOptions {
  readonly binary: string;
  readonly count: number;
  readonly addresses: () => readonly ListenAddress[];
  readonly basePort: number;
  readonly clock: Clock;
  readonly log: Log;
  /** There is a first worker now, or there is none any more and why. */
  readonly handleChange: () => void;
  /** A worker has died with all that was in it. */
  readonly handleDeath: (worker: MediaWorker) => void;
}

/** One process that forwards media, with its one UDP and one TCP port. */
export interface MediaWorker {
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  readonly port: number;
  /** How many streams it sends; what it is full of. */
  consumers: number;
  /** How many devices have opened there: those will send and receive before long. */
  devices: number;
}

export interface Workers {
  readonly alive: readonly MediaWorker[];
  /** Why there is none; null while the first are being started. */
  readonly problem: string | null;
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 100;
/** A worker that dies again and again is not started in a loop that takes the processor. */
const LAST_RETRY_MS = 10_000;
/** One that has lived so long was all right. */
const SOUND_AFTER_MS = 60_000;

/** Starts the workers and, whenever one dies, another in its place. */
export function superviseWorkers(options: WorkersOptions): Workers {
  const { binary, count, addresses, basePort, clock, log, handleChange, handleDeath } = options;
  const alive: MediaWorker[] = [];
  const waiting = new Set<Cancel>();
  const starting = new Set<Promise<void>>();
  let problem: string | null = null;
  let isClosed = false;

  const begin = (slot: number, failures: number): void => {
    const started = run(slot, failures).finally(() => starting.delete(started));
    starting.add(started);
  };
  const retry = (slot: number, failures: number): void => {
    if (isClosed) return;
    const cancel = clock.schedule(Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS), () => {
      waiting.delete(cancel);
      begin(slot, failures + 1);
    });
    waiting.add(cancel);
  };

  async function run(slot: number, failures: number): Promise<void> {
    let worker: types.Worker | undefined;
    try {
      worker = await startWorker(binary);
      const { server, port } = await listen(worker, addresses(), basePort === 0 ? 0 : basePort + slot);
      if (isClosed) return await end(worker);
      admit({ worker, server, port, consumers: 0, devices: 0 }, slot, failures);
    } catch (error) {
      if (worker !== undefined) await end(worker);
      if (isClosed) return;
      log.error('media worker does not start', { error: toError(error) });
      problem = toError(error).message;
      retry(slot, failures);
      handleChange();
    }
  }

  function admit(media: MediaWorker, slot: number, failures: number): void {
    const startedAt = clock.now();
    media.worker.on('died', (error) => {
      alive.splice(alive.indexOf(media), 1);
      log.error('media worker died', { error, pid: media.worker.pid });
      problem = 'The media worker ended unexpectedly and is being started again.';
      retry(slot, clock.now() - startedAt > SOUND_AFTER_MS ? 0 : failures);
      handleDeath(media);
      handleChange();
    });
    alive.push(media);
    log.info('media worker listens', { port: media.port, pid: media.worker.pid });
    handleChange();
  }

  for (let slot = 0; slot < count; slot += 1) begin(slot, 0);

  return {
    alive,
    get problem() {
      return problem;
    },
    async close() {
      isClosed = true;
      for (const cancel of waiting) cancel();
      await Promise.all([...alive.map(async ({ worker }) => end(worker)), ...starting]);
    },
  };
}

/**
 * mediasoup ends a worker as soon as this process is told to stop: calls that are being moved elsewhere (MED4) would fall silent. When
 * a worker ends is its owner's business; one whose process has gone ends by itself.
 */
async function startWorker(binary: string): Promise<types.Worker> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  const starting = createWorker({ workerBin: binary, logLevel: 'warn' });
  // Added in the same turn, so that none of anybody else is among them.
  for (const signal of signals)
    for (const listener of process.listeners(signal))
      if (!before.has(listener)) process.removeListener(signal, listener);
  return starting;
}

/** Ends a worker and waits until its process is gone, which sets its ports free. */
async function end(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  await new Promise<void>((resolve) => {
    worker.on('subprocessclose', () => resolve());
    worker.close();
  });
}
