import { joinedParticipants, stepCall, type Call, type CallEffect, type CallEvent } from '@visavis/call';
import type { ErrorCode } from '@visavis/protocol';
import type { CallStore, Clock, CreateCall, Created, StoredCall } from '../ports.ts';
import { createKeyedQueue } from './queue.ts';

/** What became of an event: the call after it, the call before it, or why it was refused. */
export type Change =
  | { readonly ok: true; readonly before: Call; readonly call: Call }
  | { readonly ok: false; readonly code: ErrorCode };

/** Told after a change is stored, in the order of the changes of each call. `before` is null for a new call. */
export type ChangeListener = (call: Call, before: Call | null, effects: readonly CallEffect[]) => void;

export interface LiveCalls {
  /** Reads the live calls of a former run. */
  load(): Promise<readonly Call[]>;
  create(input: CreateCall, effects: readonly CallEffect[], beforeEffects: () => void): Promise<Created>;
  /** Applies an event: pure step, conditional write, then the listener; again from the start when somebody was faster. */
  change(callId: string, event: CallEvent): Promise<Change>;
  find(callId: string): Call | null;
  /** Every live call of which this device or, while it rings, this user is part. */
  listFor(userId: string, deviceId: string): readonly Call[];
  /** Resolves when every change that was begun is done. */
  settle(): Promise<void>;
}

/** How often a change is tried again when another process was faster, before it is given up. */
const MOST_TRIES = 8;
const REFUSED_UNKNOWN: Change = { ok: false, code: 'FORBIDDEN' };

/**
 * The live calls of this process, kept in memory so that a signal of a running call costs no query. The database stays the
 * judge: what is in memory is only where a change starts from.
 */
export function createLiveCalls(store: CallStore, clock: Clock, listener: ChangeListener): LiveCalls {
  const live = new Map<string, StoredCall>();
  const byUser = new Map<string, Set<string>>();
  const queue = createKeyedQueue();

  const remember = (stored: StoredCall): void => {
    const { callId, caller, callee } = stored.call;
    const isLive = isLiveCall(stored.call);
    if (isLive) live.set(callId, stored);
    else live.delete(callId);
    for (const { userId } of [caller, callee]) {
      const calls = byUser.get(userId) ?? new Set<string>();
      if (isLive) calls.add(callId);
      else calls.delete(callId);
      if (calls.size > 0) byUser.set(userId, calls);
      else byUser.delete(userId);
    }
  };

  const apply = (
    stored: StoredCall,
    event: CallEvent,
  ): Change | { readonly next: Call; readonly effects: readonly CallEffect[] } => {
    const step = stepCall(stored.call, event, clock.now());
    if (step.refusal !== null) return { ok: false, code: step.refusal };
    if (step.call !== stored.call) return { next: step.call, effects: step.effects };
    if (step.effects.length > 0) listener(step.call, stored.call, step.effects);
    return { ok: true, before: stored.call, call: step.call };
  };

  const changeNow = async (callId: string, event: CallEvent): Promise<Change> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const stored = live.get(callId) ?? (await store.load(callId));
      if (stored === null) return REFUSED_UNKNOWN;
      const result = apply(stored, event);
      if ('ok' in result) return result;
      const saved = await store.save(stored, result.next);
      if (saved === null) {
        live.delete(callId);
        continue;
      }
      remember(saved);
      listener(result.next, stored.call, result.effects);
      return { ok: true, before: stored.call, call: result.next };
    }
    throw new Error('a call changed too often under a change');
  };

  return {
    load: async () => {
      const stored = await store.listLive();
      for (const each of stored) remember(each);
      return stored.map(({ call }) => call);
    },
    create: async (input, effects, beforeEffects) =>
      queue.run(input.call.callId, async () => {
        const created = await store.create(input);
        if (created.outcome === 'created') {
          remember(created.stored);
          beforeEffects();
          listener(created.stored.call, null, effects);
        }
        return created;
      }),
    change: async (callId, event) => {
      const stored = queue.isBusy(callId) ? undefined : live.get(callId);
      if (stored !== undefined && event.type === 'signalled' && stored.call.state === 'connected') {
        const result = apply(stored, event);
        if ('ok' in result) return result;
      }
      return queue.run(callId, async () => changeNow(callId, event));
    },
    find: (callId) => live.get(callId)?.call ?? null,
    listFor: (userId, deviceId) =>
      [...(byUser.get(userId) ?? [])].flatMap((callId) => {
        const call = live.get(callId)?.call;
        if (call === undefined) return [];
        const isPart = call.participants.some(({ device }) => device.deviceId === deviceId);
        return isPart || (call.state === 'ringing' && call.callee.userId === userId) ? [call] : [];
      }),
    settle: async () => queue.settle(),
  };
}

const isLiveCall = (call: Call): boolean => call.state === 'ringing' || call.state === 'connected';

/** The devices that are in the call at this moment. */
export const joinedDevices = (call: Call): ReadonlySet<string> =>
  new Set(joinedParticipants(call).map(({ device }) => device.deviceId));
