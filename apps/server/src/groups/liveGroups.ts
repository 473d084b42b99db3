import {
  findDevice,
  findMember,
  stepGroup,
  viewGroup,
  type GroupCall,
  type GroupEffect,
  type GroupEvent,
} from '@visavis/call';
import type { CallSnapshot, ErrorCode, RequestAnswer } from '@visavis/protocol';
import { createKeyedQueue } from '../calls/queue.ts';
import type { CreateGroup, GroupCreated, GroupStore, StoredGroup } from '../groupPorts.ts';
import type { Bus, CallStore, Clock, Nodes, Receipt, UnsentChange } from '../ports.ts';

/** What became of an event. */
export type GroupChange =
  | { readonly ok: true; readonly before: GroupCall; readonly call: GroupCall }
  | { readonly ok: false; readonly code: ErrorCode };

/** The request that an event comes from. */
export interface GroupOrigin {
  readonly deviceId: string;
  readonly requestId: string;
  /** What it is answered once the change is stored. */
  readonly describe: (call: GroupCall) => RequestAnswer;
}

export interface GroupHandlers {
  /** In the order of the changes of each call. `before` is null for a new call. */
  handleChange(
    call: GroupCall,
    before: GroupCall | null,
    effects: readonly GroupEffect[],
    version: number,
  ): void;
  /** Nothing was stored. Resolves when it is where it cannot be lost. */
  passOn(callId: string, effects: readonly GroupEffect[], key: string | null): Promise<void>;
  /** Does what another node may have left undone. */
  redo(change: UnsentChange): Promise<void>;
}

export interface LiveGroups {
  /** Reads the live calls of a former run, or of all nodes. */
  load(): Promise<readonly GroupCall[]>;
  create(
    input: Omit<CreateGroup, 'effects'>,
    effects: readonly GroupEffect[],
    beforeEffects: () => void,
  ): Promise<GroupCreated>;
  /** Applies an event: pure step, conditional write, then what follows; again from the start when somebody was faster. */
  change(callId: string, event: GroupEvent, origin?: GroupOrigin | null): Promise<GroupChange>;
  find(callId: string): Promise<GroupCall | null>;
  /** Every live call of this user. */
  listFor(userId: string): Promise<readonly GroupCall[]>;
  /** Those of them that this device sees. */
  viewsFor(userId: string, deviceId: string): Promise<CallSnapshot[]>;
  forgetAll(): void;
  countChanges(): number;
  settle(): Promise<void>;
}

interface LiveGroupsPorts {
  readonly groups: GroupStore;
  readonly calls: Pick<CallStore, 'listUnsent'>;
  readonly clock: Clock;
  readonly bus: Pick<Bus, 'broadcast'>;
  readonly nodes: Pick<Nodes, 'isAlone'>;
}

/** How often a change is tried again when another process was faster, before it is given up. */
const MOST_TRIES = 16;
const UNKNOWN: GroupChange = { ok: false, code: 'FORBIDDEN' };

/** The live group calls. Remembered only where this node is alone: otherwise every change starts from the database. */
export function createLiveGroups(
  { groups: store, calls, clock, nodes }: LiveGroupsPorts,
  handlers: GroupHandlers,
): LiveGroups {
  const live = new Map<string, StoredGroup>();
  /** The last version of each call that this node has made: what follows from it is in hand here. */
  const own = new Map<string, number>();
  const queue = createKeyedQueue();

  const remember = (stored: StoredGroup): void => {
    const { callId } = stored.call;
    if (stored.call.state === 'ended') {
      live.delete(callId);
      own.delete(callId);
      return;
    }
    if (nodes.isAlone) live.set(callId, stored);
    else own.set(callId, stored.version);
  };

  const load = async (callId: string): Promise<StoredGroup | null> =>
    live.get(callId) ?? (await store.load(callId));

  /** SES2: what another node has stored and not handed over yet comes before whatever this node does next. */
  const followUp = async ({ call, version }: StoredGroup): Promise<void> => {
    if (nodes.isAlone || own.get(call.callId) === version) return;
    for (const change of await calls.listUnsent(0, call.callId))
      if (change.version <= version) await handlers.redo(change);
  };

  const receiptFor = (event: GroupEvent, origin: GroupOrigin | null, call: GroupCall): Receipt | null => {
    if (origin === null || nodes.isAlone || !isAnsweredOnce(event)) return null;
    const { deviceId, requestId, describe } = origin;
    return { deviceId, requestId, answer: describe(call) };
  };

  const changeNow = async (
    callId: string,
    event: GroupEvent,
    origin: GroupOrigin | null,
  ): Promise<GroupChange> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const stored = await load(callId);
      if (stored === null) return UNKNOWN;
      await followUp(stored);
      const { call, effects, refusal } = stepGroup(stored.call, event, clock.now());
      if (refusal !== null) return { ok: false, code: refusal };
      if (call === stored.call) {
        const key = origin === null || nodes.isAlone ? null : `${origin.deviceId} ${origin.requestId}`;
        if (effects.length > 0) await handlers.passOn(callId, effects, key);
        return { ok: true, before: call, call };
      }
      const kept = nodes.isAlone ? null : effects;
      const saved = await store
        .save(stored, call, kept, receiptFor(event, origin, call))
        .catch((error: unknown) => {
          // It may have been stored all the same.
          live.delete(callId);
          throw error;
        });
      if (saved !== null) {
        remember(saved);
        handlers.handleChange(call, stored.call, effects, saved.version);
        return { ok: true, before: stored.call, call };
      }
      live.delete(callId);
    }
    throw new Error('a group call changed too often under a change');
  };

  const listFor: LiveGroups['listFor'] = async (userId) => {
    if (nodes.isAlone) return [...live.values()].map(({ call }) => call).filter((call) => isOf(call, userId));
    return (await store.listLiveOf(userId)).map(({ call }) => call).filter((call) => isOf(call, userId));
  };

  return {
    load: async () => {
      const stored = await store.listLive();
      if (nodes.isAlone) for (const each of stored) remember(each);
      return stored.map(({ call }) => call);
    },
    create: async (input, effects, beforeEffects) =>
      queue.run(input.call.callId, async () => {
        const created = await store.create({ ...input, effects: nodes.isAlone ? null : effects });
        if (created.outcome === 'created') {
          remember(created.stored);
          beforeEffects();
          handlers.handleChange(created.stored.call, null, effects, created.stored.version);
        }
        return created;
      }),
    change: async (callId, event, origin = null) =>
      queue.run(callId, async () => changeNow(callId, event, origin)),
    find: async (callId) => (await load(callId))?.call ?? null,
    listFor,
    viewsFor: async (userId, deviceId) =>
      (await listFor(userId)).flatMap((call) => viewGroup(call, deviceId) ?? []),
    forgetAll: () => {
      live.clear();
      own.clear();
    },
    countChanges: () => queue.size(),
    settle: async () => queue.settle(),
  };
}

/** What is refused when it is asked for again: everything else may simply be done again. */
const isAnsweredOnce = ({ type }: GroupEvent): boolean =>
  type === 'answered' ||
  type === 'declined' ||
  type === 'left' ||
  type === 'keys_joined' ||
  type === 'keys_committed';

/** RING8: somebody who has blocked whoever calls is not of the call. */
function isOf(call: GroupCall, userId: string): boolean {
  const member = findMember(call, userId);
  if (member === undefined || member.concealed) return false;
  return member.status === 'ringing' || member.status === 'joined' || member.status === 'waiting';
}

/** Whether this device is in the call at this moment. */
export const isJoined = (call: GroupCall, deviceId: string): boolean =>
  call.state === 'live' && findDevice(call, deviceId)?.part.state === 'joined';
