import type { Codec } from '../frames/codecs.ts';
import { type Slot, MAX_LEAF, SLOTS } from '../frames/keyId.ts';
import type { DropReason, TrackBinding } from '../frames/receiver.ts';
import type { SendRefusal } from '../frames/sender.ts';

/*
 * What the page and its crypto worker say to each other. Keys are in none of it: they come into being in the worker and stay there.
 */

/** The options of an `RTCRtpScriptTransform`: what passes through it. */
export type TransformOptions =
  /** `slots`: one, or as many as there are simulcast layers. */
  | { readonly direction: 'send'; readonly slots: readonly Slot[]; readonly codec: Codec }
  /** `track`: whose frames these are is said by `bind_track`, sooner or later; until then none passes. */
  | { readonly direction: 'receive'; readonly track: string };

export type WorkerRequest =
  | { readonly type: 'bind_track'; readonly track: string; readonly binding: TrackBinding }
  | { readonly type: 'remove_track'; readonly track: string }
  | { readonly type: 'get_counters'; readonly request: number }
  /** No frame passes any more, and all keys are forgotten. */
  | { readonly type: 'close' };

export type WorkerReport =
  | { readonly type: 'counters'; readonly request: number; readonly counters: CryptoCounters }
  /** Something was not of the form that it has to have, and nothing came of it. */
  | { readonly type: 'refused'; readonly what: 'message' | 'transform' };

/** `wrong_codec`: the browser says of a frame that it is of another codec than the one that was announced. */
export type SentRefusal = SendRefusal | 'wrong_codec';
export type ReceivedRefusal = DropReason | 'wrong_codec' | 'failed';

export interface SentCounters {
  readonly slot: Slot;
  /** Frames that left, and how many of them were key frames. */
  readonly frames: number;
  readonly keyFrames: number;
  /** What all of them grew by together, and the most that one did, in bytes. */
  readonly addedBytes: number;
  readonly mostAddedBytes: number;
  /** Frames that did not leave. */
  readonly refused: Readonly<Partial<Record<SentRefusal, number>>>;
}

export interface ReceivedCounters {
  readonly track: string;
  /** Frames that were given to the decoder, and how many of them were key frames. */
  readonly frames: number;
  readonly keyFrames: number;
  readonly dropped: Readonly<Partial<Record<ReceivedRefusal, number>>>;
}

export interface CryptoCounters {
  readonly sent: readonly SentCounters[];
  readonly received: readonly ReceivedCounters[];
}

const CODECS: readonly Codec[] = ['opus', 'vp8', 'vp9', 'av1', 'data'];
/** Of a track's name. More: a page that counts badly fills the worker's memory. */
const MAX_NAME = 128;

/** The options as they are to be; null where anything about them is wrong. */
export function readTransformOptions(value: unknown): TransformOptions | null {
  if (!isRecord(value)) return null;
  const { direction, track, slots, codec } = value;
  if (direction === 'receive') return isName(track) ? { direction, track } : null;
  if (direction !== 'send' || !isCodec(codec) || !isSlots(slots)) return null;
  return { direction, slots, codec };
}

/** A message from the page; null where it is none. */
export function readRequest(value: unknown): WorkerRequest | null {
  if (!isRecord(value)) return null;
  const { type, track, binding, request } = value;
  switch (type) {
    case 'bind_track': {
      const read = readBinding(binding);
      return isName(track) && read !== null ? { type, track, binding: read } : null;
    }
    case 'remove_track':
      return isName(track) ? { type, track } : null;
    case 'get_counters':
      return isCount(request) ? { type, request } : null;
    case 'close':
      return { type };
    default:
      return null;
  }
}

/** A message from the worker; null where it is none. */
export function readReport(value: unknown): WorkerReport | null {
  if (!isRecord(value)) return null;
  const { type, what, request, counters } = value;
  if (type === 'refused') return what === 'message' || what === 'transform' ? { type, what } : null;
  if (type !== 'counters' || !isCount(request) || !isCounters(counters)) return null;
  return { type, request, counters };
}

function readBinding(value: unknown): TrackBinding | null {
  if (!isRecord(value)) return null;
  const { leaf, firstEpoch, slots, codec } = value;
  if (!isCount(leaf) || leaf > MAX_LEAF || typeof firstEpoch !== 'bigint' || firstEpoch < 0n) return null;
  if (!(slots instanceof Set) || !isCodec(codec)) return null;
  const listed: unknown[] = [...slots];
  return isSlots(listed) ? { leaf, firstEpoch, slots: new Set(listed), codec } : null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isCodec = (value: unknown): value is Codec => CODECS.some((codec) => codec === value);
const isSlot = (value: unknown): value is Slot => SLOTS.some((slot) => slot === value);
const isSlots = (value: unknown): value is readonly Slot[] =>
  Array.isArray(value) && value.length > 0 && value.every(isSlot) && new Set(value).size === value.length;

const isCounts = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isCount);
const isCounters = (value: unknown): value is CryptoCounters =>
  isRecord(value) &&
  isListOf(
    value['sent'],
    ({ slot, frames, keyFrames, addedBytes, mostAddedBytes, refused }) =>
      isSlot(slot) && [frames, keyFrames, addedBytes, mostAddedBytes].every(isCount) && isCounts(refused),
  ) &&
  isListOf(
    value['received'],
    ({ track, frames, keyFrames, dropped }) =>
      isName(track) && [frames, keyFrames].every(isCount) && isCounts(dropped),
  );
const isListOf = (value: unknown, isEntry: (entry: Readonly<Record<string, unknown>>) => boolean): boolean =>
  Array.isArray(value) && value.every((entry: unknown) => isRecord(entry) && isEntry(entry));
