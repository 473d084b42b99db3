import type { Cancel, CallStore, Clock, Log } from '../ports.ts';
import { toError } from '../toError.ts';

/** Acts on calls when their time has come (RING5, CALL2). */
export interface Deadlines {
  /** Something has to happen at `at`; known deadlines are in the store. */
  expect(at: number | null): void;
  /** Resolves when the round that runs, if any, is over. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** How soon a failed round is tried again. */
const RETRY_MS = 1_000;

/**
 * One timer over data. The deadlines are in the store, so that those of a process that died are met as well; a deadline that
 * is delivered twice does no harm, because the call machine acts only on what is really due.
 *
 * @param patrolMs - how often the store is asked for deadlines that another process left behind
 */
export function createDeadlines(
  store: Pick<CallStore, 'listDue' | 'findNextDeadline'>,
  { clock, log, patrolMs }: { readonly clock: Clock; readonly log: Log; readonly patrolMs: number },
  handleDue: (callId: string) => Promise<void>,
): Deadlines {
  let cancel: Cancel | null = null;
  let armedFor = Infinity;
  let round: Promise<void> | null = null;
  let stopped = false;

  const arm = (at: number): void => {
    if (stopped || at >= armedFor) return;
    cancel?.();
    armedFor = at;
    cancel = clock.schedule(Math.max(0, at - clock.now()), () => {
      armedFor = Infinity;
      void run();
    });
  };

  const run = async (): Promise<void> => {
    round ??= patrol().finally(() => {
      round = null;
    });
    await round;
  };

  const patrol = async (): Promise<void> => {
    try {
      const due = await store.listDue(clock.now());
      await Promise.all(due.map(async (callId) => handleDue(callId)));
      const next = await store.findNextDeadline();
      arm(Math.min(next ?? Infinity, clock.now() + patrolMs));
    } catch (error) {
      log.error('deadlines could not be handled', { error: toError(error) });
      arm(clock.now() + RETRY_MS);
    }
  };

  arm(clock.now());
  return {
    expect: (at) => {
      if (at !== null) arm(at);
    },
    settle: async () => {
      await round;
    },
    stop: async () => {
      stopped = true;
      cancel?.();
      await round;
    },
  };
}
