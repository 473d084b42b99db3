import { nextDeadline, type Call, type CallEffect } from '@visavis/call';
import type { RequestAnswer } from '@visavis/protocol';
import type {
  ChangeId,
  CreateCall,
  DialKey,
  KeyMeaning,
  Receipt,
  StoredCall,
  UnsentChange,
} from '@visavis/server';

interface KeyRow extends KeyMeaning {
  readonly createdAt: number;
}
/** HIST1: one user's line for one call. */
export interface HistoryLine {
  readonly userId: string;
  readonly callId: string;
  readonly direction: 'outgoing' | 'incoming';
  seenAt: number | null;
}
interface BoxRow extends UnsentChange {
  readonly createdAt: number;
}

interface AnswerRow {
  readonly answer: RequestAnswer;
  readonly createdAt: number;
}
/** What is written with a change, or not at all. */
export interface KeptWithChange {
  readonly effects: readonly CallEffect[] | null;
  readonly receipt: Receipt | null;
  readonly dialKey: DialKey | null;
}

/** A constraint of the schema was violated: the statement has changed nothing. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** The tables of the calls, and their statements: each happens as a whole, one after the other. */
export interface Tables {
  readonly calls: ReadonlyMap<string, StoredCall>;
  readonly history: readonly HistoryLine[];
  /** @returns false when the key is taken. @throws {@link Violation} */
  insert(input: CreateCall): boolean;
  /** @returns false when the call has another version by now. @throws {@link Violation} */
  update(stored: StoredCall, next: Call, kept: KeptWithChange): boolean;
  insertKey(userId: string, key: string, row: KeyRow): void;
  findKey(userId: string, key: string): KeyMeaning | null;
  forgetKeysBefore(at: number): void;
  findRinging(callerId: string, calleeId: string): string | null;
  select(where: (call: Call) => boolean): StoredCall[];
  listUnsent(ageMs: number, callId?: string): UnsentChange[];
  forgetSent(changes: readonly ChangeId[]): void;
  findAnswer(deviceId: string, requestId: string): RequestAnswer | null;
  forgetAnswers(ageMs: number): void;
}

/** Told of every change that is committed; `before` is null for a new call. */
export type CommitObserver = (after: StoredCall, before: StoredCall | null) => void;

const keyOf = (...parts: readonly (string | number)[]): string => parts.join(' ');

export function createTables(now: () => number, observe: CommitObserver = () => {}): Tables {
  const calls = new Map<string, StoredCall>();
  const history: HistoryLine[] = [];
  const keys = new Map<string, KeyRow>();
  const outbox = new Map<string, BoxRow>();
  const answers = new Map<string, AnswerRow>();
  const insertKey: Tables['insertKey'] = (userId, key, row) => {
    if (!keys.has(keyOf(userId, key))) keys.set(keyOf(userId, key), row);
  };

  const select: Tables['select'] = (where) => [...calls.values()].filter(({ call }) => where(call));
  const keep = ({ call, version }: StoredCall, effects: readonly CallEffect[] | null): void => {
    if (effects === null || effects.length === 0) return;
    const { callId } = call;
    outbox.set(keyOf(callId, version), { callId, version, effects, createdAt: now() });
  };
  /** The unique indexes on calls that ring. */
  const refuseSecondRinging = (call: Call): void => {
    if (call.state !== 'ringing') return;
    const clash = select((other) => {
      if (other.state !== 'ringing') return false;
      const isSameWay = isBetween(other, call.caller.userId, call.callee.userId);
      const isBack = isBetween(other, call.callee.userId, call.caller.userId);
      const isSameDevice = other.participants[0]?.device.deviceId === call.participants[0]?.device.deviceId;
      return isSameWay || isSameDevice || (isBack && !other.concealed && !call.concealed);
    });
    if (clash.length > 0) throw new Violation('one ringing call');
  };

  return {
    calls,
    history,
    select,
    insert: ({ call, idempotencyKey, effects = null }) => {
      const { callId, caller, callee, createdAt } = call;
      if (keys.has(keyOf(caller.userId, idempotencyKey))) return false;
      refuseSecondRinging(call);
      const stored = { call, version: 1 };
      keys.set(keyOf(caller.userId, idempotencyKey), { callId, calleeId: callee.userId, createdAt });
      calls.set(callId, stored);
      history.push({ userId: caller.userId, callId, direction: 'outgoing', seenAt: createdAt });
      if (!call.concealed)
        history.push({ userId: callee.userId, callId, direction: 'incoming', seenAt: null });
      keep(stored, effects);
      observe(stored, null);
      return true;
    },
    update: (stored, next, { effects, receipt, dialKey }) => {
      const current = calls.get(next.callId);
      if (current?.version !== stored.version) return false;
      if ('endedAt' in current.call) throw new Violation('a call that has ended cannot change');
      const saved = { call: next, version: stored.version + 1 };
      calls.set(next.callId, saved);
      const seenAt = seenTime(current.call, next);
      for (const line of history) if (line.callId === next.callId && seenAt !== null) line.seenAt ??= seenAt;
      keep(saved, effects);
      if (receipt !== null) {
        const id = keyOf(receipt.deviceId, receipt.requestId);
        if (!answers.has(id)) answers.set(id, { answer: receipt.answer, createdAt: now() });
      }
      if (dialKey !== null)
        insertKey(dialKey.userId, dialKey.key, {
          callId: next.callId,
          calleeId: dialKey.calleeId,
          createdAt: dialKey.now,
        });
      observe(saved, current);
      return true;
    },
    insertKey,
    findKey: (userId, key) => {
      const row = keys.get(keyOf(userId, key));
      return row === undefined ? null : { callId: row.callId, calleeId: row.calleeId };
    },
    forgetKeysBefore: (at) => {
      for (const [key, { createdAt }] of keys) if (createdAt < at) keys.delete(key);
    },
    findRinging: (callerId, calleeId) =>
      select((call) => call.state === 'ringing' && !call.concealed && isBetween(call, callerId, calleeId))[0]
        ?.call.callId ?? null,
    listUnsent: (ageMs, onlyId) =>
      [...outbox.values()]
        .filter(
          ({ callId, createdAt }) =>
            createdAt <= now() - ageMs && (onlyId === undefined || callId === onlyId),
        )
        .map(({ callId, version, effects }) => ({ callId, version, effects })),
    findAnswer: (deviceId, requestId) => answers.get(keyOf(deviceId, requestId))?.answer ?? null,
    forgetAnswers: (ageMs) => {
      for (const [key, { createdAt }] of answers) if (createdAt < now() - ageMs) answers.delete(key);
    },
    forgetSent: (changes) => {
      for (const { callId, version } of changes) outbox.delete(keyOf(callId, version));
    },
  };
}

export const isLive = (call: Call): boolean => call.state === 'ringing' || call.state === 'connected';

/** HIST1: a call that was answered or declined is not missed. */
function seenTime(before: Call, next: Call): number | null {
  if (before.state !== 'ringing') return null;
  if (next.state === 'connected') return next.connectedAt;
  return next.state === 'declined' ? next.endedAt : null;
}

const isBetween = ({ caller, callee }: Call, callerId: string, calleeId: string): boolean =>
  caller.userId === callerId && callee.userId === calleeId;

/** Calls to which something has to happen by then, most urgent first. */
export const byDeadline = (
  calls: readonly StoredCall[],
): { readonly callId: string; readonly at: number }[] =>
  calls
    .flatMap(({ call }) => {
      const at = nextDeadline(call);
      return at === null ? [] : [{ callId: call.callId, at }];
    })
    .sort((one, other) => one.at - other.at);
