import { type Bytes, equalBytes } from '../bytes.ts';
import { type BaseKey, type SframeKey, CALL_SUITE, deriveKey, importBaseKey } from '../sframe/index.ts';
import type { FrameKind } from './codecs.ts';
import { type Slot, MAX_LEAF, epochBitsOf, packKeyId } from './keyId.ts';
import { FRAME_LIMITS } from './limits.ts';
import { type FrameContext, protectFrame } from './protect.ts';

/** What a device sends with from an epoch on. */
export interface SendingEpoch {
  readonly epoch: bigint;
  /** Its own leaf in this epoch. */
  readonly leaf: number;
  /** 16 bytes from the MLS exporter. */
  readonly baseKey: Bytes;
}

/** Why nothing leaves. `held`: a person has to decide first. All others are faults of ours, none is of the network. */
export type SendRefusal = 'no_key' | 'held' | 'closed' | 'counter_exhausted' | 'bad_frame' | 'crypto_failed';

export type Sent =
  | { readonly type: 'protected'; readonly frame: Bytes }
  | { readonly type: 'refused'; readonly reason: SendRefusal };

export interface FrameSender {
  /**
   * Sends with this epoch from now on. Rejects with a `RangeError` what is not newer than the one in use, brings the same key
   * again, or has a leaf that does not fit a key id: counters start anew with each epoch, and none may meet a key twice.
   */
  useEpoch(next: SendingEpoch): Promise<void>;
  /** The frame as it may leave; never the frame itself. Counters are taken in the order of the calls. */
  protect(context: FrameContext, kind: FrameKind, frame: Bytes): Promise<Sent>;
  /** Nothing leaves until the next epoch. */
  pause(): void;
  /** While it is so, nothing leaves under any epoch. Counters and the epoch in use stay as they are. */
  hold(isHeld: boolean): void;
  readonly isHeld: boolean;
  /** Another number after every change of who may hear what is sent: an epoch, a pause, a hold. */
  readonly era: number;
  /** Nothing leaves any more. Cannot be undone. */
  close(): void;
}

interface SlotState {
  readonly key: Promise<SframeKey>;
  nextCounter: bigint;
}

interface InUse {
  readonly epoch: bigint;
  readonly leaf: number;
  readonly base: BaseKey;
  readonly fingerprint: Bytes;
  readonly slots: Map<Slot, SlotState>;
}

/** A sender without a key: all it does at first is refuse. */
export function createFrameSender(): FrameSender {
  let current: InUse | null = null;
  let isPaused = false;
  let isClosed = false;
  let isHeld = false;
  let era = 0;

  /** It may have changed while something was waited for. */
  const isHeldNow = (): boolean => isHeld;

  function checkNext({ epoch, leaf }: SendingEpoch, fingerprint: Bytes): void {
    if (!Number.isInteger(leaf) || leaf < 0 || leaf > MAX_LEAF)
      throw new RangeError('the leaf fits no key id');
    if (current === null) return;
    if (epoch <= current.epoch) throw new RangeError('not a newer epoch');
    if (equalBytes(fingerprint, current.fingerprint)) throw new RangeError('the key of the epoch before');
  }

  function slotOf(epoch: InUse, slot: Slot): SlotState {
    const known = epoch.slots.get(slot);
    if (known !== undefined) return known;
    const keyId = packKeyId({ slot, leaf: epoch.leaf, epochBits: epochBitsOf(epoch.epoch) });
    const state: SlotState = { key: deriveKey(epoch.base, keyId, CALL_SUITE), nextCounter: 0n };
    epoch.slots.set(slot, state);
    return state;
  }

  return {
    async useEpoch(next) {
      const fingerprint = new Uint8Array(await crypto.subtle.digest('SHA-256', next.baseKey));
      const base = await importBaseKey(next.baseKey);
      // After the waiting, so that of two at once the older is refused.
      checkNext(next, fingerprint);
      isPaused = false;
      era += 1;
      current = { epoch: next.epoch, leaf: next.leaf, base, fingerprint, slots: new Map() };
    },

    async protect(context, kind, frame) {
      if (isClosed) return refused('closed');
      if (isHeld) return refused('held');
      if (current === null || isPaused) return refused('no_key');
      const state = slotOf(current, context.slot);
      const counter = state.nextCounter;
      if (counter > FRAME_LIMITS.maxCounter) return refused('counter_exhausted');
      // Taken before anything is waited for, and gone even if the encryption fails.
      state.nextCounter = counter + 1n;
      try {
        const sealed = await protectFrame(await state.key, counter, context, kind, frame);
        if (isClosed) return refused('closed');
        if (isHeldNow()) return refused('held');
        if (isPaused) return refused('no_key');
        return sealed === null ? refused('bad_frame') : { type: 'protected', frame: sealed };
      } catch {
        return refused('crypto_failed');
      }
    },

    pause() {
      era += 1;
      isPaused = true;
    },
    hold(next) {
      if (next !== isHeld) era += 1;
      isHeld = next;
    },
    get isHeld() {
      return isHeld;
    },
    get era() {
      return era;
    },

    close() {
      isClosed = true;
      current = null;
    },
  };
}

const refused = (reason: SendRefusal): Sent => ({ type: 'refused', reason });
