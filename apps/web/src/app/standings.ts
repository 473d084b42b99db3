import type { ContactStatus, Identity } from '@visavis/client';
import type { StoreApi } from 'zustand/vanilla';
import type { CallView, Model } from '../model/model.ts';
import type { OwnIdentity } from './ownIdentity.ts';

/** Keeps what is known of the identities of people. */
export interface Standings {
  /** Asks the server for somebody's key. */
  lookUp(userId: string): Promise<void>;
  /** Whoever calls, and whoever is called, is looked up once for each call. */
  followCalls(calls: readonly CallView[]): void;
  /** IDN1: the server says that there is another one now. Asked about are only people of whom something is known. */
  handleReplaced(userId: string): void;
  /** Without a comparison. */
  accept(userId: string): Promise<void>;
  stop(): void;
}

interface StandingsOptions {
  readonly store: StoreApi<Model>;
  readonly ownIdentity: Pick<OwnIdentity, 'opened'>;
  /** Something could not be kept, or could not be asked for. */
  readonly onFailed: () => void;
}

/**
 * What was seen of contacts last is there from the start, without asking. The server is asked about one person at a time: when they are
 * looked at, when they are called or call, and when it says that their key is another one.
 */
export function createStandings({ store, ownIdentity, onFailed }: StandingsOptions): Standings {
  let stopped = false;
  let stopWatching: (() => void) | null = null;
  let followed: ReadonlySet<string> = new Set();
  const asking = new Map<string, Promise<void>>();

  function put(standings: Readonly<Record<string, ContactStatus>>): void {
    if (!stopped) store.setState((model) => ({ standings: { ...model.standings, ...standings } }));
  }

  async function begin(identity: Identity): Promise<void> {
    const recalled = Object.fromEntries(await identity.recallContacts());
    // What has been looked up meanwhile is newer.
    put({ ...recalled, ...store.getState().standings });
    stopWatching = identity.watch((userId) => void lookUp(userId));
    if (stopped) stopWatching();
  }

  async function ask(userId: string): Promise<void> {
    const identity = await ownIdentity.opened;
    const keys = (await identity?.readContact(userId)) ?? null;
    if (keys !== null) put({ [userId]: keys.status });
  }

  function lookUp(userId: string): Promise<void> {
    const before = asking.get(userId) ?? Promise.resolve();
    // One after the other: an answer that was on its way when the person decided must not be the last one.
    const next = before.then(() => (stopped ? undefined : ask(userId))).catch(() => {});
    asking.set(userId, next);
    void next.then(() => {
      if (asking.get(userId) === next) asking.delete(userId);
    });
    return next;
  }

  void ownIdentity.opened
    .then((identity) => (identity === null ? undefined : begin(identity)))
    // A browser that gives its storage no more: nothing is known, and screens say so.
    .catch(() => {});

  return {
    lookUp,
    followCalls(calls) {
      const rings = calls.filter(({ phase }) => isRung(phase));
      for (const { key, person } of rings) if (!followed.has(key)) void lookUp(person.userId);
      followed = new Set(
        calls.filter(({ key, phase }) => followed.has(key) || isRung(phase)).map(({ key }) => key),
      );
    },
    handleReplaced(userId) {
      if (store.getState().standings[userId] !== undefined) void lookUp(userId);
    },
    async accept(userId) {
      try {
        const identity = await ownIdentity.opened;
        const key = (await identity?.readContact(userId))?.identityKey ?? null;
        if (identity === null || key === null) return onFailed();
        await identity.accept(userId, key);
      } catch {
        onFailed();
      }
    },
    stop() {
      stopped = true;
      stopWatching?.();
    },
  };
}

const RUNG: Readonly<Record<CallView['phase']['name'], boolean>> = {
  dialing: true,
  reaching: true,
  ringing: true,
  incoming: true,
  waiting: false,
  connecting: false,
  connected: false,
  reconnecting: false,
  held: false,
  ended: false,
};
const isRung = ({ name }: CallView['phase']): boolean => RUNG[name];
