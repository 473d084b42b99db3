import type { Bytes } from '../bytes.ts';
import { EPOCHS_APART, epochBitsOf, unpackKeyId } from '../frames/keyId.ts';
import { FRAME_LIMITS } from '../frames/limits.ts';
import { parseFrame } from '../frames/protect.ts';
import { type DropReason, type TrackBinding, createFrameReceiver } from '../frames/receiver.ts';
import { type SendRefusal, type SendingEpoch, createFrameSender } from '../frames/sender.ts';
import type { WorkerTimers } from '../worker/timers.ts';
import type { DeviceLeaf } from '../worker/tracks.ts';
import { MAX_CONTENT, pad, unpad } from './padding.ts';

export type DataRefusal = SendRefusal | DropReason | 'too_large' | 'too_early' | 'bad_padding';

export type DataResult =
  | { readonly type: 'done'; readonly bytes: Bytes }
  | { readonly type: 'refused'; readonly reason: DataRefusal };

/** What members of a call say to each other besides media: frames of the slot `data`, padded, which the signaling carries. */
export interface CallData {
  /** It comes, as soon as its members are admitted: until then, what is of it waits. */
  expect(epoch: bigint): void;
  /** Sends under this epoch, and opens what is of it. Rejects what is not newer than all before. */
  enter(epoch: SendingEpoch): Promise<void>;
  setMembers(members: readonly DeviceLeaf[]): void;
  /** Nothing is sealed until the next epoch. */
  pause(): void;
  /** While it is so, nothing is sealed at all. */
  hold(isHeld: boolean): void;
  /** One after the other, in the order of the calls. Never rejects. */
  seal(content: Bytes): Promise<DataResult>;
  /**
   * What this device sealed; refused where it is another's, of another epoch than those that are kept, or was opened before. What is
   * of one device is opened in the order of the calls, each after `ready`, and waits for its epoch for 2 s. Never rejects.
   */
  open(device: string, sealed: Bytes, ready: Promise<void>): Promise<DataResult>;
  /** Drops epochs that are over. */
  tick(now: number): void;
  nextDeadline(): number | null;
  close(): void;
}

/** Header and tag of a frame at their longest, in bytes (RFC 9605 §4.3). */
const MOST_ADDED = 33;

/** Shorter: who comes in misses what is said at that moment; longer: who is gone for good is waited for. */
const EARLY_MS = 2_000;

export function createCallData(timers: Pick<WorkerTimers, 'now' | 'after'>): CallData {
  const sender = createFrameSender();
  const receiver = createFrameReceiver();
  let bound = new Map<string, TrackBinding>();
  let sealing: Promise<unknown> = Promise.resolve();
  /** For each device: who sends what never can be opened keeps nobody else waiting. */
  const opening = new Map<string, Promise<unknown>>();
  const waiting = new Set<(came: boolean) => void>();
  let newest: bigint | null = null;
  let expected: readonly bigint[] = [];

  async function seal(content: Bytes): Promise<DataResult> {
    if (content.length > MAX_CONTENT) return refused('too_large');
    const sent = await sender.protect({ slot: 'data', codec: 'data' }, 'delta', pad(content));
    return sent.type === 'refused' ? sent : { type: 'done', bytes: sent.frame };
  }

  function isEarly(sealed: Bytes): boolean {
    const parsed = parseFrame('data', 'delta', sealed);
    const parts = parsed === null ? null : unpackKeyId(parsed.header.keyId);
    if (parts === null || newest === null) return parts !== null;
    // In a generation that is made anew epochs are counted from the beginning.
    if (expected.some((epoch) => epochBitsOf(epoch) === parts.epochBits)) return true;
    const ahead = (parts.epochBits - epochBitsOf(newest) + EPOCHS_APART) % EPOCHS_APART;
    return ahead > 0 && ahead <= FRAME_LIMITS.epochsAhead;
  }

  /** @returns whether another epoch has come, and not the time at which it is given up */
  const waitForEpoch = (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const cancel = timers.after(ms, () => end(false));
      const end = (came: boolean): void => {
        cancel();
        waiting.delete(end);
        resolve(came);
      };
      waiting.add(end);
    });
  function endWaiting(came: boolean): void {
    for (const end of waiting) end(came);
  }

  async function open(device: string, sealed: Bytes): Promise<DataResult> {
    if (sealed.length > MAX_CONTENT + MOST_ADDED) return refused('too_large');
    const until = timers.now() + EARLY_MS;
    while (isEarly(sealed)) if (!(await waitForEpoch(until - timers.now()))) return refused('too_early');
    const received = await receiver.receive(device, 'delta', sealed, timers.now());
    if (received.type === 'dropped') return refused(received.reason);
    if (received.type === 'held') return refused('too_early');
    const content = unpad(received.frame);
    return content === null ? refused('bad_padding') : { type: 'done', bytes: content };
  }

  return {
    expect(epoch) {
      expected = [...expected, epoch].slice(-EPOCHS_APART);
    },
    async enter(epoch) {
      await sender.useEpoch(epoch);
      await receiver.addEpoch(epoch, timers.now());
      newest = epoch.epoch;
      expected = expected.filter((other) => other > epoch.epoch);
      endWaiting(true);
    },
    setMembers(members) {
      const next = new Map<string, TrackBinding>();
      for (const { device, leaf, firstEpoch } of members) {
        const known = bound.get(device);
        const isSame = known?.leaf === leaf && known.firstEpoch === firstEpoch;
        const binding: TrackBinding = isSame
          ? known
          : { leaf, firstEpoch, slots: new Set(['data'] as const), codec: 'data' };
        next.set(device, binding);
        if (!isSame) receiver.bindTrack(device, binding);
      }
      for (const device of bound.keys()) {
        if (next.has(device)) continue;
        receiver.removeTrack(device);
        opening.delete(device);
      }
      bound = next;
    },
    pause: () => sender.pause(),
    hold: (isHeld) => sender.hold(isHeld),
    seal(content) {
      const sealed = sealing.then(async () => seal(content)).catch(() => refused('crypto_failed'));
      sealing = sealed;
      return sealed;
    },
    open(device, sealed, ready) {
      const opened = (opening.get(device) ?? Promise.resolve())
        .then(async () => ready)
        .then(async () => open(device, sealed))
        .catch(() => refused('crypto_failed'));
      if (bound.has(device)) opening.set(device, opened);
      return opened;
    },
    tick: (at) => receiver.tick(at),
    nextDeadline: () => receiver.nextDeadline(),
    close() {
      endWaiting(false);
      sender.close();
      receiver.close();
    },
  };
}

const refused = (reason: DataRefusal): DataResult => ({ type: 'refused', reason });
