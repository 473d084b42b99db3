import type { Cancel, CallStore, ChangeId, Clock, Log, UnsentChange } from '../ports.ts';
import { toError } from '../toError.ts';

/** Sees to it that what follows from a stored change is done, also when the node that made it has died. */
export interface OutboxPatrol {
  /** This change is done with: nobody has to do it again. */
  handleSent(change: ChangeId): void;
  /** Forgets what is done, and stops. */
  stop(): Promise<void>;
}

/** How often the outbox is looked at and tidied. */
const PATROL_MS = 1_000;
/** How long answers are kept for repeats, and how often the older ones are removed. */
const ANSWERS_KEPT_MS = 600_000;
const FORGET_MS = 60_000;
/** What is older is not being done by a node that lives. Doing it twice at the same time would do no harm. */
const STALE_MS = 3_000;

export function createOutboxPatrol(
  store: Pick<CallStore, 'listUnsent' | 'forgetSent' | 'forgetAnswers'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  redo: (change: UnsentChange) => Promise<void>,
): OutboxPatrol {
  let sent: ChangeId[] = [];
  let stopped = false;
  let forgottenAt = clock.now();
  let round: Promise<void> = Promise.resolve();

  const tidy = async (): Promise<void> => {
    const done = sent;
    sent = [];
    try {
      if (done.length > 0) await store.forgetSent(done);
    } catch (error) {
      sent = [...done, ...sent];
      throw error;
    }
  };
  const forget = async (): Promise<void> => {
    if (clock.now() - forgottenAt < FORGET_MS) return;
    forgottenAt = clock.now();
    await store.forgetAnswers(ANSWERS_KEPT_MS);
  };
  const patrol = async (): Promise<void> => {
    await tidy();
    await forget();
    const unsent = await store.listUnsent(STALE_MS);
    for (const change of unsent) await redo(change);
    if (unsent.length > 0) {
      await store.forgetSent(unsent);
      log.warn('did what another node had left undone', { changes: unsent.length });
    }
  };
  const loop = (): void => {
    round = patrol()
      .catch((error: unknown) => {
        log.warn('the outbox cannot be looked at', { error: toError(error) });
      })
      .finally(() => {
        if (!stopped) cancel = clock.schedule(PATROL_MS, loop);
      });
  };
  let cancel: Cancel = clock.schedule(PATROL_MS, loop);
  return {
    handleSent: (change) => {
      sent.push(change);
    },
    stop: async () => {
      stopped = true;
      cancel();
      await round;
      await tidy();
    },
  };
}
