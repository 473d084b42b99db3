import { stepCall, type Call, type CallEffect, type CallEvent, type KeyEffect } from '@visavis/call';
import type { ErrorCode, RequestAnswer } from '@visavis/protocol';
import type {
  Bus,
  CallStore,
  Clock,
  CreateCall,
  Created,
  DialKey,
  Eventually,
  Nodes,
  Receipt,
  StoredCall,
  UnsentChange,
} from '../ports.ts';
import { Unavailable } from '../unavailable.ts';
import { createKeyedQueue } from './queue.ts';

/** What became of an event: the call after it, the call before it, or why it was refused. */
export type Change =
  | {
      readonly ok: true;
      readonly before: Call;
      readonly call: Call;
      /** Where nothing was stored, only passed on: when that is where it cannot be lost any more. */
      readonly passedOn?: Promise<void> | undefined;
    }
  | { readonly ok: false; readonly code: ErrorCode };

export type SendEffect = Extract<CallEffect, { type: 'send' }>;

/** What follows from a change that is stored. */
export interface ChangeHandlers {
  /** In the order of the changes of each call. `before` is null for a new call. */
  handleChange(call: Call, before: Call | null, effects: readonly CallEffect[], version: number): void;
  /**
   * Nothing was stored. @returns undefined when it is where it cannot be lost
   *
   * @param key - what tells this from everything else that is passed on, should it be done once more
   */
  passOn(effect: SendEffect | KeyEffect, key: string | null): Promise<void> | undefined;
  /** Does what another node may have left undone, before whatever is handled next. */
  redo(change: UnsentChange, call: Call): void;
}

/** The request that an event comes from. */
export interface Origin {
  readonly deviceId: string;
  readonly requestId: string;
  /** What it is answered once the change is stored. */
  readonly describe: (before: Call, call: Call) => RequestAnswer;
}

export interface LiveCalls {
  /** Reads the live calls of a former run, or of all nodes. */
  load(): Promise<readonly Call[]>;
  create(input: CreateCall, effects: readonly CallEffect[], beforeEffects: () => void): Promise<Created>;
  /** Applies an event: pure step, conditional write, then the listener; again from the start when somebody was faster. */
  change(
    callId: string,
    event: CallEvent,
    origin?: Origin | null,
    dialKey?: DialKey | null,
  ): Eventually<Change>;
  find(callId: string): Promise<Call | null>;
  /** Every live call of which this device or, while it rings, this user is part. */
  listFor(userId: string, deviceId: string): Promise<readonly Call[]>;
  /** Another node may have changed anything: what is remembered is not trusted any more. */
  forgetAll(): void;
  /** How many changes run or wait for the one before them. */
  countChanges(): number;
  /** Resolves when every change that was begun is done. */
  settle(): Promise<void>;
}

type LivePorts = {
  readonly calls: CallStore;
  readonly clock: Clock;
  readonly bus: Pick<Bus, 'broadcast' | 'listen'>;
  readonly nodes: Pick<Nodes, 'isAlone'>;
};

/** A call as this node remembers it. */
interface Remembered extends StoredCall {
  /** Whether what follows from this version and all before it is done, or in hand here. */
  readonly isFollowedUp: boolean;
}

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
  handlers: ChangeHandlers,
): LiveCalls {
  const live = new Map<string, Remembered>();
  /** Calls that have to be read again before the next change: somebody was faster, or nobody knows what was stored. */
  const doubtful = new Set<string>();
  const byUser = new Map<string, Set<string>>();
  const queue = createKeyedQueue();

  /** @param isOwn - this node has made this version */
  const remember = (stored: StoredCall, isOwn: boolean): void => {
    const { callId, caller, callee } = stored.call;
    const isLive = isLiveCall(stored.call);
    const known = live.get(callId);
    const isFollowedUp = nodes.isAlone || isOwn || (known?.version === stored.version && known.isFollowedUp);
    doubtful.delete(callId);
    if (isLive) live.set(callId, { ...stored, isFollowedUp });
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
    if ((live.get(stored.call.callId)?.version ?? 0) < stored.version) remember(stored, false);
  };

  /**
   * A device hears of the changes of a call in their order, whichever nodes make them: what another node has stored and not
   * handed over yet comes before whatever this node does next.
   */
  const followUp = async (stored: StoredCall): Promise<void> => {
    const { callId } = stored.call;
    for (const change of await store.listUnsent(0, callId))
      if (change.callId === callId && change.version <= stored.version) handlers.redo(change, stored.call);
    if (live.get(callId)?.version === stored.version) live.set(callId, { ...stored, isFollowedUp: true });
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

  /** Steps through what is asked one after the other, and says for each what became of it. */
  const stepAll = (before: Call, asked: readonly Asked[]) => {
    let call = before;
    const effects: CallEffect[] = [];
    const results = asked.map(({ event }): Result => {
      const step = stepCall(call, event, clock.now());
      if (step.refusal !== null) return { change: { ok: false, code: step.refusal }, signal: undefined };
      const change: Change = { ok: true, before: call, call: step.call };
      const isSame = step.call === call;
      if (!isSame) effects.push(...step.effects);
      call = step.call;
      return { change, signal: isSame ? step.effects[0] : undefined };
    });
    return { call, effects, results };
  };

  /** Passes on what only passes on. */
  const passOn = (change: Change, signal: CallEffect | undefined, origin: Origin | null): Change => {
    if (!change.ok || signal === undefined || signal.type === 'history_changed') return change;
    const { before, call } = change;
    const key =
      origin === null || nodes.isAlone ? null : `${call.callId} ${origin.deviceId} ${origin.requestId}`;
    return { ok: true, before, call, passedOn: handlers.passOn(signal, key) };
  };

  /** SES5: kept for the nodes that may be asked again; this one remembers by itself. */
  const receiptFor = ([first, second]: readonly Asked[], before: Call, call: Call): Receipt | null => {
    if (first === undefined || second !== undefined || first.origin === null || nodes.isAlone) return null;
    if (!isAnsweredOnce(first.event)) return null;
    const { deviceId, requestId, describe } = first.origin;
    return { deviceId, requestId, answer: describe(before, call) };
  };

  const changeNow = async (callId: string, asked: readonly Asked[]): Promise<readonly Change[]> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const remembered = doubtful.has(callId) ? undefined : live.get(callId);
      const stored = remembered ?? (await store.load(callId));
      if (stored === null) return asked.map(() => REFUSED_UNKNOWN);
      if (remembered === undefined) remember(stored, false);
      const isOnlyRelayed = asked.every(({ event }) => isRelayed(stored.call, event));
      if (live.get(callId)?.isFollowedUp === false) {
        await followUp(stored).catch((error: unknown) => {
          // What only passes on does not wait for the store.
          if (!(error instanceof Unavailable && isOnlyRelayed)) throw error;
        });
      }
      const { call, effects, results } = stepAll(stored.call, asked);
      if (call === stored.call) {
        if (!nodes.isAlone && remembered !== undefined && !isOnlyRelayed) {
          doubtful.add(callId);
          continue;
        }
      } else {
        const receipt = receiptFor(asked, stored.call, call);
        const saved = await store
          .save(stored, call, kept(effects), receipt, asked[0]?.dialKey ?? null)
          .catch((error: unknown) => {
            // It may have been stored all the same.
            doubtful.add(callId);
            throw error;
          });
        if (saved === null) {
          doubtful.add(callId);
          continue;
        }
        remember(saved, true);
        bus.broadcast({ kind: 'call_changed', callId, version: saved.version });
        handlers.handleChange(call, stored.call, effects, saved.version);
      }
      return results.map(({ change, signal }, n) => passOn(change, signal, asked[n]?.origin ?? null));
    }
    throw new Error('a call changed too often under a change');
  };

  /** What waits for its turn and is stored at once when that comes, by call. */
  const batches = new Map<string, Batch>();

  /** NEG2: candidates come in bursts. What comes while one is being stored waits and is stored together. */
  const enqueue = async (callId: string, asked: Asked): Promise<Change> => {
    const open = isSmall(asked.event) ? batches.get(callId) : undefined;
    const batch = open ?? startBatch(callId);
    const place = batch.asked.push(asked) - 1;
    // Nothing that comes later is stored before this.
    if (isSmall(asked.event)) batches.set(callId, batch);
    else batches.delete(callId);
    const change = (await batch.changes)[place];
    if (change === undefined) throw new Error('an event without an outcome');
    return change;
  };

  const startBatch = (callId: string): Batch => {
    const asked: Asked[] = [];
    const changes = queue.run(callId, async () => {
      // Whoever starts it puts its own event in first.
      await Promise.resolve();
      if (batches.get(callId)?.asked === asked) batches.delete(callId);
      return changeNow(callId, asked);
    });
    return { asked, changes };
  };

  return {
    load: async () => {
      const stored = await store.listLive();
      if (nodes.isAlone) for (const each of stored) remember(each, false);
      return stored.map(({ call }) => call);
    },
    create: async (input, effects, beforeEffects) =>
      queue.run(input.call.callId, async () => {
        const created = await store.create({ ...input, effects: kept(effects) });
        if (created.outcome === 'created') {
          remember(created.stored, true);
          beforeEffects();
          handlers.handleChange(created.stored.call, null, effects, created.stored.version);
        }
        return created;
      }),
    change: (callId, event, origin = null, dialKey = null) => {
      const stored = queue.isBusy(callId) ? undefined : live.get(callId);
      if (stored?.isFollowedUp !== true || !isRelayed(stored.call, event))
        return enqueue(callId, { event, origin, dialKey });
      const { call, effects, refusal } = stepCall(stored.call, event, clock.now());
      if (refusal !== null) return { ok: false, code: refusal };
      return passOn({ ok: true, before: call, call }, effects[0], origin);
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
    countChanges: () => queue.size(),
    settle: async () => queue.settle(),
  };
}

/** An event, and what is kept with the change that it makes. */
interface Asked {
  readonly event: CallEvent;
  readonly origin: Origin | null;
  readonly dialKey: DialKey | null;
}

interface Result {
  readonly change: Change;
  /** What only passes on. */
  readonly signal: CallEffect | undefined;
}

interface Batch {
  readonly asked: Asked[];
  /** What became of each of them. */
  readonly changes: Promise<readonly Change[]>;
}

/** What changes neither the state of a call nor anybody's part in it. */
const isSmall = ({ type }: CallEvent): boolean => type === 'signalled' || type === 'media_reported';

/** Whether this only passes from one device of a running call to the other. */
const isRelayed = (call: Call, event: CallEvent): boolean =>
  event.type === 'signalled' && call.state === 'connected';

/** What is refused or says less when it is asked for again: everything else may simply be done again. */
const isAnsweredOnce = ({ type }: CallEvent): boolean =>
  type === 'answered' ||
  type === 'declined' ||
  type === 'cancelled' ||
  type === 'ended' ||
  type === 'keys_joined' ||
  type === 'keys_committed';

const isPart = (call: Call, userId: string, deviceId: string): boolean =>
  call.participants.some(({ device }) => device.deviceId === deviceId) ||
  (call.state === 'ringing' && call.callee.userId === userId);

const isLiveCall = (call: Call): boolean => call.state === 'ringing' || call.state === 'connected';
