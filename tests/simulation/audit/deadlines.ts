import { nextDeadline } from '@visavis/call';
import { must } from '@visavis/call/simulation';
import type { CommitObserver, Tables } from '../database/tables.ts';
import { count, type World } from '../world.ts';
import type { Health } from './health.ts';

/** A deadline has to be met within this time, as long as a node and the store live. */
const LATEST_MS = 1_000;
/** By how much the clock of the node may be behind that wrote the deadline down, and of the one that looks for it. */
const CLOCKS_MS = 300;
/** What the store takes for the statements that it needs. */
const STORE_MS = 200;
const LOOK_MS = 100;

/** RING5, CALL2: what is due happens, whoever it was that began it. */
export function createDeadlineAudit(
  world: World,
  tables: () => Tables,
  health: () => Health,
): { readonly observe: CommitObserver; readonly worstMs: () => number } {
  const { clock } = world;
  let worstMs = 0;
  /** When each deadline was or will be due, or written down, whichever is later. */
  const known = new Map<string, { readonly due: number; readonly dueAt: number }>();
  const look = (callId: string, version: number, dueAt: number): void => {
    const stored = tables().calls.get(callId);
    if (stored === undefined || stored.version !== version) return;
    const soundForMs = Math.min(health().soundForMs(), clock.now() - dueAt);
    if (soundForMs > LATEST_MS + CLOCKS_MS + STORE_MS) {
      try {
        must(
          false,
          () =>
            `RING5 a call that is ${stored.call.state} is not seen to ${String(soundForMs)} ms after its time`,
        );
      } catch (error) {
        world.fail(error);
      }
      return;
    }
    clock.after(LOOK_MS, () => look(callId, version, dueAt));
  };
  return {
    worstMs: () => worstMs,
    observe: ({ call, version }) => {
      const before = known.get(call.callId);
      const due = nextDeadline(call);
      if (before !== undefined && before.dueAt < clock.now() && due !== before.due) {
        count(world, 'deadlines');
        worstMs = Math.max(worstMs, Math.min(health().soundForMs(), clock.now() - before.dueAt));
      }
      known.delete(call.callId);
      if (due === null) return;
      // What is written down late is late from then on.
      const dueAt = before?.due === due ? before.dueAt : Math.max(due, clock.now());
      known.set(call.callId, { due, dueAt });
      clock.after(Math.max(0, dueAt - clock.now()), () => {
        look(call.callId, version, dueAt);
      });
    },
  };
}
