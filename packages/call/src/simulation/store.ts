import type { Call } from '../server/index.ts';

/** The server's calls with the rules of uniqueness that the database keeps (RING1, RING7, HIST1). */
export interface Store {
  find(callId: string): Call | undefined;
  all(): Iterable<Call>;
  live(): readonly Call[];
  put(call: Call): void;
  /** RING1: the call that a user's key stands for. */
  findByKey(userId: string, key: string): string | undefined;
  /** Binds a key; the first binding stays. */
  bindKey(userId: string, key: string, callId: string): void;
  /** The one call that rings between two people. A call that the callee does not hear of takes no place. */
  findRinging(userId: string, otherId: string): Call | undefined;
  historyOf(userId: string): ReadonlyMap<string, string>;
  /** HIST1: writes what became of a call into one person's history. */
  writeHistory(userId: string, call: Call): void;
}

export const isLive = (call: Call): boolean => call.state === 'ringing' || call.state === 'connected';

/** What one person's history says about a call. */
export function outcomeOf(call: Call, userId: string): string {
  const isCaller = call.caller.userId === userId;
  switch (call.state) {
    case 'ringing':
    case 'connected':
      return 'ongoing';
    case 'ended':
      return 'answered';
    case 'missed':
      return isCaller ? 'no_answer' : 'missed';
    case 'declined':
      return 'declined';
    case 'cancelled':
      return isCaller ? 'cancelled' : 'missed';
    case 'busy':
      return isCaller ? 'busy' : 'missed';
    case 'failed':
      return isCaller ? 'unavailable' : 'missed';
  }
}

export function createStore(): Store {
  const calls = new Map<string, Call>();
  const keys = new Map<string, string>();
  const histories = new Map<string, Map<string, string>>();
  const historyOf = (userId: string): Map<string, string> => {
    const known = histories.get(userId);
    if (known !== undefined) return known;
    const made = new Map<string, string>();
    histories.set(userId, made);
    return made;
  };
  const live = (): readonly Call[] => [...calls.values()].filter(isLive);
  return {
    find: (callId) => calls.get(callId),
    all: () => calls.values(),
    live,
    put: (call) => void calls.set(call.callId, call),
    findByKey: (userId, key) => keys.get(`${userId} ${key}`),
    bindKey(userId, key, callId) {
      const bound = `${userId} ${key}`;
      if (!keys.has(bound)) keys.set(bound, callId);
    },
    findRinging: (userId, otherId) =>
      live().find(
        ({ state, concealed, caller, callee }) =>
          state === 'ringing' &&
          !concealed &&
          ((caller.userId === userId && callee.userId === otherId) ||
            (caller.userId === otherId && callee.userId === userId)),
      ),
    historyOf,
    writeHistory: (userId, call) => void historyOf(userId).set(call.callId, outcomeOf(call, userId)),
  };
}
