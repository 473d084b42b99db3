import { type ReplayWindow, createReplayWindow, isFresh, withCounter } from '../replay/index.ts';
import { type BaseKey, type SframeKey, CALL_SUITE, deriveKey } from '../sframe/index.ts';
import { EPOCHS_APART, epochBitsOf } from './keyId.ts';
import { FRAME_LIMITS } from './limits.ts';

/** An epoch whose frames can be opened. */
export interface KnownEpoch {
  readonly number: bigint;
  /** Only for key ids that the roster knows: what is derived is kept. */
  keyOf(keyId: bigint): Promise<SframeKey>;
  isFresh(keyId: bigint, counter: bigint): boolean;
  /** Moves the replay window, after decryption; false where the counter was accepted meanwhile. */
  accept(keyId: bigint, counter: bigint): boolean;
}

export type FoundEpoch =
  | { readonly type: 'known'; readonly epoch: KnownEpoch }
  /** Will come soon, perhaps. */
  | { readonly type: 'ahead' }
  | { readonly type: 'gone' }
  | { readonly type: 'unknown' };

export interface EpochStore {
  /** Throws a `RangeError` where it is not newer than all before. */
  add(number: bigint, base: BaseKey, now: number): void;
  find(epochBits: number): FoundEpoch;
  dropExpired(now: number): void;
  nextExpiry(): number | null;
  clear(): void;
}

interface Entry {
  readonly epoch: KnownEpoch;
  /** Null for the newest. */
  expiresAt: number | null;
}

export function createEpochStore(): EpochStore {
  /** Oldest first. */
  let entries: readonly Entry[] = [];

  return {
    add(number, base, now) {
      const newest = entries.at(-1);
      if (newest !== undefined && number <= newest.epoch.number) throw new RangeError('not a newer epoch');
      for (const entry of entries) entry.expiresAt ??= now + FRAME_LIMITS.oldEpochMs;
      const old = entries
        .filter(({ epoch }) => number - epoch.number <= BigInt(FRAME_LIMITS.oldEpochs))
        .slice(-FRAME_LIMITS.oldEpochs);
      entries = [...old, { epoch: createKnownEpoch(number, base), expiresAt: null }];
    },

    find(epochBits) {
      const newest = entries.at(-1);
      // Before the first epoch nobody knows how far away it is.
      if (newest === undefined) return { type: 'ahead' };
      const known = entries.find(({ epoch }) => epochBitsOf(epoch.number) === epochBits);
      if (known !== undefined) return { type: 'known', epoch: known.epoch };
      const ahead = (epochBits - epochBitsOf(newest.epoch.number) + EPOCHS_APART) % EPOCHS_APART;
      if (ahead <= FRAME_LIMITS.epochsAhead) return { type: 'ahead' };
      return ahead >= EPOCHS_APART / 2 ? { type: 'gone' } : { type: 'unknown' };
    },

    dropExpired(now) {
      if (entries.some(({ expiresAt }) => isOver(expiresAt, now))) {
        entries = entries.filter(({ expiresAt }) => !isOver(expiresAt, now));
      }
    },

    nextExpiry() {
      const times = entries.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt]));
      return times.length === 0 ? null : Math.min(...times);
    },

    clear() {
      entries = [];
    },
  };
}

const isOver = (expiresAt: number | null, now: number): boolean => expiresAt !== null && now >= expiresAt;

function createKnownEpoch(number: bigint, base: BaseKey): KnownEpoch {
  const keys = new Map<bigint, Promise<SframeKey>>();
  const windows = new Map<bigint, ReplayWindow>();
  const windowOf = (keyId: bigint): ReplayWindow => windows.get(keyId) ?? createReplayWindow();
  return {
    number,
    keyOf(keyId) {
      const known = keys.get(keyId) ?? deriveKey(base, keyId, CALL_SUITE);
      keys.set(keyId, known);
      return known;
    },
    isFresh: (keyId, counter) => isFresh(windowOf(keyId), counter),
    accept(keyId, counter) {
      const next = withCounter(windowOf(keyId), counter);
      if (next !== null) windows.set(keyId, next);
      return next !== null;
    },
  };
}
