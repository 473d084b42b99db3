import type { Bytes } from '../bytes.ts';
import type { Codec } from '../frames/codecs.ts';
import { type Slot, SLOTS } from '../frames/keyId.ts';
import type { DropReason } from '../frames/receiver.ts';
import type { SendRefusal } from '../frames/sender.ts';
import type { CurrentKeys, HeardKeys, SaidKeys } from '../member/types.ts';
import type { JudgedMember } from './admissions.ts';
import { isBytes, isCount, isCounts, isListOf, isName, isRecord } from './checks.ts';
import { MOST_REPEATS } from '../sound/index.ts';
import { type StartKeys, isCurrentKeys, readHeard, readSaid, readStartKeys } from './keyMessages.ts';

export type { CurrentKeys, HeardKeys, KeyMember, SaidKeys } from '../member/types.ts';
export type { JudgedMember } from './admissions.ts';
export type { OwnDevice, StartKeys } from './keyMessages.ts';

/*
 * What the page and its crypto worker say to each other. Keys of the call are in none of it: they come into being in the worker and
 * stay there.
 */

/** The options of an `RTCRtpScriptTransform`: what passes through it. */
export type TransformOptions =
  /** `slots`: one, or as many as there are simulcast layers. */
  | { readonly direction: 'send'; readonly slots: readonly Slot[]; readonly codec: Codec }
  /** `track`: whose frames these are is said by `bind_track`, sooner or later; until then none passes. */
  | { readonly direction: 'receive'; readonly track: string };

/** Whose frames a track has, and what was announced of them. Which leaf that is the worker knows by itself. */
export interface TrackOwner {
  /** The id of the device. */
  readonly device: string;
  /** One, or the layers of one simulcast. */
  readonly slots: readonly Slot[];
  readonly codec: Codec;
}

export type WorkerRequest =
  | ({ readonly type: 'start_keys' } & StartKeys)
  | { readonly type: 'hear'; readonly heard: HeardKeys }
  /** Before this, and while one is not admitted, nothing passes under an epoch of these. */
  | { readonly type: 'admit_members'; readonly members: readonly JudgedMember[] }
  /** How many of the frames of sound that were sent last come again with each: 0 at first, {@link MOST_REPEATS} at most. */
  | { readonly type: 'repeat_sound'; readonly count: number }
  | ({ readonly type: 'bind_track'; readonly track: string } & TrackOwner)
  | { readonly type: 'remove_track'; readonly track: string }
  /** For every member; answered under its number. */
  | { readonly type: 'seal_data'; readonly request: number; readonly content: Bytes }
  /** What this device sealed, in the order in which the server says it. */
  | {
      readonly type: 'open_data';
      readonly request: number;
      readonly device: string;
      readonly sealed: Bytes;
    }
  | { readonly type: 'get_counters'; readonly request: number }
  /** No frame passes any more, and all keys are forgotten. */
  | { readonly type: 'close' };

export type WorkerReport =
  | { readonly type: 'counters'; readonly request: number; readonly counters: CryptoCounters }
  /** Null: nothing may leave, for want of a key, say. */
  | { readonly type: 'sealed_data'; readonly request: number; readonly sealed: Bytes | null }
  /** Null: it is not that device's, was opened before, or cannot be opened here. */
  | { readonly type: 'opened_data'; readonly request: number; readonly content: Bytes | null }
  /** To be asked of the server; the answer is heard under this number. */
  | { readonly type: 'say'; readonly request: number; readonly said: SaidKeys }
  /** Whenever they change; null while this device is no member and has asked to be one again. */
  | { readonly type: 'keys'; readonly keys: CurrentKeys | null }
  /** There is a new key to send with, and no way to ask the encoders of pictures from here. */
  | { readonly type: 'want_key_frames' }
  /** Something was not of the form that it has to have, and nothing came of it. */
  | { readonly type: 'refused'; readonly what: 'message' | 'transform' };

/**
 * `wrong_codec`: the browser says of a frame that it is of another codec than the one that was announced. `bad_sound`: it is authentic and
 * holds no sound in the form there is. `repeated`: its sound was there before it, with a later frame.
 */
export type SentRefusal = SendRefusal | 'wrong_codec';
export type ReceivedRefusal = DropReason | 'wrong_codec' | 'bad_sound' | 'repeated' | 'failed';

export interface SentCounters {
  readonly slot: Slot;
  /** Frames that left, and how many of them were key frames. */
  readonly frames: number;
  readonly keyFrames: number;
  /** What all of them grew by together, and the most that one did, in bytes. */
  readonly addedBytes: number;
  readonly mostAddedBytes: number;
  /** Bytes of earlier frames of sound that went out again, which are not among those. */
  readonly repeatedBytes: number;
  /** Frames that did not leave. */
  readonly refused: Readonly<Partial<Record<SentRefusal, number>>>;
}

export interface ReceivedCounters {
  readonly track: string;
  /** Frames that were given to the decoder, and how many of them were key frames. */
  readonly frames: number;
  readonly keyFrames: number;
  /** Lost frames of sound that came again with later ones and were given to the decoder in their place. */
  readonly repaired: number;
  readonly dropped: Readonly<Partial<Record<ReceivedRefusal, number>>>;
}

export interface CryptoCounters {
  readonly sent: readonly SentCounters[];
  readonly received: readonly ReceivedCounters[];
  /** Messages of the group that were not taken, and data that were not sealed or opened (`data_`), by reason. */
  readonly messages: Readonly<Record<string, number>>;
}

const CODECS: readonly Codec[] = ['opus', 'vp8', 'vp9', 'av1', 'data'];

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
  const { type, track, device, slots, codec, request } = value;
  switch (type) {
    case 'start_keys': {
      const start = readStartKeys(value);
      return start === null ? null : { type, ...start };
    }
    case 'hear': {
      const heard = readHeard(value['heard']);
      return heard === null ? null : { type, heard };
    }
    case 'admit_members':
      return isJudged(value['members']) ? { type, members: value['members'] } : null;
    case 'repeat_sound': {
      const { count } = value;
      return isCount(count) && count <= MOST_REPEATS ? { type, count } : null;
    }
    case 'bind_track':
      if (!isName(track) || !isName(device) || !isSlots(slots) || !isCodec(codec)) return null;
      return { type, track, device, slots, codec };
    case 'remove_track':
      return isName(track) ? { type, track } : null;
    case 'seal_data': {
      const { content } = value;
      return isCount(request) && isBytes(content) ? { type, request, content } : null;
    }
    case 'open_data': {
      const { sealed } = value;
      return isCount(request) && isName(device) && isBytes(sealed) ? { type, request, device, sealed } : null;
    }
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
  const { type, what, request, counters, keys } = value;
  switch (type) {
    case 'refused':
      return what === 'message' || what === 'transform' ? { type, what } : null;
    case 'want_key_frames':
      return { type };
    case 'counters':
      return isCount(request) && isCounters(counters) ? { type, request, counters } : null;
    case 'sealed_data': {
      const { sealed } = value;
      return isCount(request) && (sealed === null || isBytes(sealed)) ? { type, request, sealed } : null;
    }
    case 'opened_data': {
      const { content } = value;
      return isCount(request) && (content === null || isBytes(content)) ? { type, request, content } : null;
    }
    case 'say': {
      const said = readSaid(value['said']);
      return isCount(request) && said !== null ? { type, request, said } : null;
    }
    case 'keys':
      return keys === null || isCurrentKeys(keys) ? { type, keys } : null;
    default:
      return null;
  }
}

const isJudged = (value: unknown): value is readonly JudgedMember[] =>
  isListOf(
    value,
    ({ credential, leafKey, admitted }) =>
      isBytes(credential) && isBytes(leafKey) && typeof admitted === 'boolean',
  );
const isCodec = (value: unknown): value is Codec => CODECS.some((codec) => codec === value);
const isSlot = (value: unknown): value is Slot => SLOTS.some((slot) => slot === value);
const isSlots = (value: unknown): value is readonly Slot[] =>
  Array.isArray(value) && value.length > 0 && value.every(isSlot) && new Set(value).size === value.length;

const isCounters = (value: unknown): value is CryptoCounters =>
  isRecord(value) &&
  isListOf(
    value['sent'],
    ({ slot, frames, keyFrames, addedBytes, mostAddedBytes, repeatedBytes, refused }) =>
      isSlot(slot) &&
      [frames, keyFrames, addedBytes, mostAddedBytes, repeatedBytes].every(isCount) &&
      isCounts(refused),
  ) &&
  isListOf(
    value['received'],
    ({ track, frames, keyFrames, repaired, dropped }) =>
      isName(track) && [frames, keyFrames, repaired].every(isCount) && isCounts(dropped),
  ) &&
  isCounts(value['messages']);
