import type { CallStore, Created } from '@visavis/server';
import { byDeadline, isLive, Violation, type Tables } from './tables.ts';

/** Sends one statement; what it gives comes back later, or never. */
export type Query = <Result>(statement: (tables: Tables) => Result) => Promise<Result>;

const DUE_AT_ONCE = 500;
const UNSENT_AT_ONCE = 200;

/** The store of the calls over simulated tables: the same statements in the same order as the adapter for PostgreSQL. */
export function createSimulatedCalls(query: Query): CallStore {
  const findKey: CallStore['findKey'] = async (userId, key) => query((tables) => tables.findKey(userId, key));
  const findRinging: CallStore['findRinging'] = async (callerId, calleeId) =>
    query((tables) => tables.findRinging(callerId, calleeId));
  return {
    findKey,
    findRinging,
    create: async (input): Promise<Created> => {
      const { call, idempotencyKey } = input;
      const { caller, callee } = call;
      let isViolated = false;
      try {
        if (await query((tables) => tables.insert(input)))
          return { outcome: 'created', stored: { call, version: 1 } };
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        isViolated = true;
      }
      const meaning = await findKey(caller.userId, idempotencyKey);
      if (meaning !== null)
        return meaning.calleeId === callee.userId
          ? { outcome: 'existing', callId: meaning.callId }
          : { outcome: 'key_reused' };
      if (!isViolated) throw new Error('an idempotency key vanished between two statements');
      const glare = await findRinging(callee.userId, caller.userId);
      return glare === null ? { outcome: 'already_dialing' } : { outcome: 'glare', callId: glare };
    },
    rememberKey: async (userId, key, calleeId, callId, now) => {
      await query((tables) => tables.insertKey(userId, key, { callId, calleeId, createdAt: now }));
      return (await findKey(userId, key)) ?? { callId, calleeId };
    },
    load: async (callId) => query((tables) => tables.calls.get(callId) ?? null),
    save: async (stored, next, effects = null, receipt = null, dialKey = null) =>
      (await query((tables) => tables.update(stored, next, { effects, receipt, dialKey })))
        ? { call: next, version: stored.version + 1 }
        : null,
    findAnswer: async (deviceId, requestId) => query((tables) => tables.findAnswer(deviceId, requestId)),
    forgetAnswers: async (ageMs) => query((tables) => tables.forgetAnswers(ageMs)),
    listUnsent: async (ageMs, callId) =>
      query((tables) => tables.listUnsent(ageMs, callId).slice(0, UNSENT_AT_ONCE)),
    forgetSent: async (changes) => query((tables) => tables.forgetSent(changes)),
    listLive: async () => query((tables) => tables.select(isLive)),
    listLiveOf: async (userId) =>
      query((tables) =>
        tables.select(
          (call) => isLive(call) && (call.caller.userId === userId || call.callee.userId === userId),
        ),
      ),
    listDue: async (now) =>
      query((tables) =>
        byDeadline([...tables.calls.values()])
          .filter(({ at }) => at <= now)
          .slice(0, DUE_AT_ONCE)
          .map(({ callId }) => callId),
      ),
    findNextDeadline: async () => query((tables) => byDeadline([...tables.calls.values()])[0]?.at ?? null),
    forgetKeysBefore: async (at) => query((tables) => tables.forgetKeysBefore(at)),
  };
}
