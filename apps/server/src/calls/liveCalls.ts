import { joinedParticipants, stepCall, type Call, type CallEffect, type CallEvent } from '@visavis/call';
import type { ErrorCode } from '@visavis/protocol';
import type { Bus, CallStore, Clock, CreateCall, Created, Nodes, StoredCall } from '../ports.ts';
import { createKeyedQueue } from './queue.ts';

/** What became of an event: the call after it, the call before it, or why it was refused. */
export type Change =
  | { readonly ok: true; readonly before: Call; readonly call: Call }
  | { readonly ok: false; readonly code: ErrorCode };

/** Told after a change is stored, in the order of the changes of each call. `before` is null for a new call. */
export type ChangeListener = (
  call: Call,
  before: Call | null,
  effects: readonly CallEffect[],
  /** Null where nothing was stored: what only passes on. */
  version: number | null,
) => void;

export interface LiveCalls {
  /** Reads the live calls of a former run, or of all nodes. */
  load(): Promise<readonly Call[]>;
  create(input: CreateCall, effects: readonly CallEffect[], beforeEffects: () => void): Promise<Created>;
  /** Applies an event: pure step, conditional write, then the listener; again from the start when somebody was faster. */
  change(callId: string, event: CallEvent): Promise<Change>;
  find(callId: string): Promise<Call | null>;
  /** Every live call of which this device or, while it rings, this user is part. */
  listFor(userId: string, deviceId: string): Promise<readonly Call[]>;
  /** Another node may have changed anything: what is remembered is not trusted any more. */
  forgetAll(): void;
  /** Resolves when every change that was begun is done. */
  settle(): Promise<void>;
}

type LivePorts = {
  readonly calls: CallStore;
  readonly clock: Clock;
  readonly bus: Pick<Bus, 'broadcast' | 'listen'>;
  readonly nodes: Pick<Nodes, 'isAlone'>;
};

/** How often a change is tried again when another process was faster, before it is given up. */
const MOST_TRIES = 8;
const REFUSED_UNKNOWN: Change = { ok: false, code: 'FORBIDDEN' };

/**
 * The live calls of this process, kept in memory so that a signal of a running call costs no query. The database stays the
 * judge: what is in memory is only where a change starts from. Where there are other nodes, they tell each other what has
 * changed, and nothing is refused or listed on the word of memory alone.
 */
export function createLiveCalls(
  { calls: store, clock, bus, nodes }: LivePorts,
  listener: ChangeListener,
): LiveCalls {
  const live = new Map<string, StoredCall>();
  /** Calls that have to be read again before the next change: somebody was faster, or nobody knows what was stored. */
  const doubtful = new Set<string>();
  const byUser = new Map<string, Set<string>>();
  const queue = createKeyedQueue();

  const remember = (stored: StoredCall): void => {
    const { callId, caller, callee } = stored.call;
    const isLive = isLiveCall(stored.call);
    doubtful.delete(callId);
    if (isLive) live.set(callId, stored);
    else live.delete(callId);
    // By user only where memory knows all.
    if (!nodes.isAlone) return;
    for (const { userId } of [caller, callee]) {
      const calls = byUser.get(userId) ?? new Set<string>();
      if (isLive) calls.add(callId);
      else calls.delete(callId);
      if (calls.size > 0) byUser.set(userId, calls);
      else byUser.delete(userId);
    }
  };

  /** Another node's word, which may come late. */
  const learn = (stored: StoredCall): void => {
    if ((live.get(stored.call.callId)?.version ?? 0) < stored.version) remember(stored);
  };

  bus.listen((message) => {
    if (message.kind !== 'call_changed') return;
    const stored = live.get(message.callId);
    if (stored === undefined || stored.version >= message.version) return;
    live.delete(message.callId);
    // Read again at once, so that what passes in the call needs no query later; whoever fails here reads it then.
    queue
      .run(message.callId, async () => {
        const current = await store.load(message.callId);
        if (current !== null) learn(current);
      })
      .catch(() => {});
  });

  /** Where there is nobody else, nobody could do them. */
  const kept = (effects: readonly CallEffect[]): readonly CallEffect[] | null =>
    nodes.isAlone ? null : effects;

  const apply = (
    stored: StoredCall,
    event: CallEvent,
  ): Change | { readonly next: Call; readonly effects: readonly CallEffect[] } => {
    const step = stepCall(stored.call, event, clock.now());
    if (step.refusal !== null) return { ok: false, code: step.refusal };
    if (step.call !== stored.call) return { next: step.call, effects: step.effects };
    if (step.effects.length > 0) listener(step.call, stored.call, step.effects, null);
    return { ok: true, before: stored.call, call: step.call };
  };

  const changeNow = async (callId: string, event: CallEvent): Promise<Change> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const remembered = doubtful.has(callId) ? undefined : live.get(callId);
      const stored = remembered ?? (await store.load(callId));
      if (stored === null) return REFUSED_UNKNOWN;
      if (remembered === undefined) remember(stored);
      const result = apply(stored, event);
      if ('ok' in result) {
        const isSure = nodes.isAlone || remembered === undefined || isRelayed(stored.call, event);
        if (isSure) return result;
        doubtful.add(callId);
        continue;
      }
      const saved = await store.save(stored, result.next, kept(result.effects)).catch((error: unknown) => {
        // It may have been stored all the same.
        doubtful.add(callId);
        throw error;
      });
      if (saved === null) {
        doubtful.add(callId);
        continue;
      }
      remember(saved);
      bus.broadcast({ kind: 'call_changed', callId, version: saved.version });
      listener(result.next, stored.call, result.effects, saved.version);
      return { ok: true, before: stored.call, call: result.next };
    }
    throw new Error('a call changed too often under a change');
  };

  return {
    load: async () => {
      const stored = await store.listLive();
      if (nodes.isAlone) for (const each of stored) remember(each);
      return stored.map(({ call }) => call);
    },
    create: async (input, effects, beforeEffects) =>
      queue.run(input.call.callId, async () => {
        const created = await store.create({ ...input, effects: kept(effects) });
        if (created.outcome === 'created') {
          remember(created.stored);
          beforeEffects();
          listener(created.stored.call, null, effects, created.stored.version);
        }
        return created;
      }),
    change: async (callId, event) => {
      const stored = queue.isBusy(callId) ? undefined : live.get(callId);
      if (stored !== undefined && isRelayed(stored.call, event)) {
        const result = apply(stored, event);
        if ('ok' in result) return result;
      }
      return queue.run(callId, async () => changeNow(callId, event));
    },
    find: async (callId) => {
      const remembered = nodes.isAlone ? live.get(callId) : undefined;
      return (remembered ?? (await store.load(callId)))?.call ?? null;
    },
    listFor: async (userId, deviceId) => {
      if (nodes.isAlone) {
        const known = [...(byUser.get(userId) ?? [])].flatMap((callId) => live.get(callId)?.call ?? []);
        return known.filter((call) => isPart(call, userId, deviceId));
      }
      const stored = (await store.listLiveOf(userId)).filter(({ call }) => isPart(call, userId, deviceId));
      for (const each of stored) learn(each);
      return stored.map(({ call }) => call);
    },
    forgetAll: () => {
      if (!nodes.isAlone) live.clear();
    },
    settle: async () => queue.settle(),
  };
}

/** Whether this only passes from one device of a running call to the other. */
const isRelayed = (call: Call, event: CallEvent): boolean =>
  event.type === 'signalled' && call.state === 'connected';

const isPart = (call: Call, userId: string, deviceId: string): boolean =>
  call.participants.some(({ device }) => device.deviceId === deviceId) ||
  (call.state === 'ringing' && call.callee.userId === userId);

const isLiveCall = (call: Call): boolean => call.state === 'ringing' || call.state === 'connected';

/** The devices that are in the call at this moment. */
export const joinedDevices = (call: Call): ReadonlySet<string> =>
  new Set(joinedParticipants(call).map(({ device }) => device.deviceId));
