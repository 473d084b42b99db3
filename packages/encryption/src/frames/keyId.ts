/**
 * What a key id is for. A slot for each simulcast layer gives each its own counter and replay window, because an SFU
 * forwards them independently of each other.
 */
export const SLOTS = [
  'microphone',
  'camera_low',
  'camera_mid',
  'camera_high',
  'screen',
  'screen_sound',
  'data',
] as const;

export type Slot = (typeof SLOTS)[number];

export interface KeyIdParts {
  readonly slot: Slot;
  /** Leaf index of the sender in the MLS tree: 0 to 511. */
  readonly leaf: number;
  /** The lowest 4 bits of the epoch: 0 to 15. */
  readonly epochBits: number;
}

/**
 *     bits 15 … 7: leaf │ 6 … 3: epoch │ 2 … 0: slot
 *
 * The leaf is on top so that the first two leaves, a call between two, need one byte, and everybody else two.
 */
const SLOT_BITS = 3n;
const EPOCH_BITS = 4n;
const LEAF_BITS = 9n;

/** Epochs that can be told apart. Fewer: an old epoch within its retention could be taken for a new one. */
export const EPOCHS_APART = 1 << Number(EPOCH_BITS);

/** The highest leaf that fits. Leaves are filled from the left: a tree of 512 has held 512 at one time. */
export const MAX_LEAF = (1 << Number(LEAF_BITS)) - 1;

const SLOT_NUMBERS = new Map<Slot, bigint>(SLOTS.map((slot, number) => [slot, BigInt(number)]));

/** The number of a slot in key ids and metadata: 0 to 6. */
export const slotNumber = (slot: Slot): number => SLOTS.indexOf(slot);

export const epochBitsOf = (epoch: bigint): number => Number(epoch % BigInt(EPOCHS_APART));

/** The key id, at most 16 bits. Throws a `RangeError` for a leaf or epoch bits that do not fit. */
export function packKeyId({ slot, leaf, epochBits }: KeyIdParts): bigint {
  if (!Number.isInteger(leaf) || leaf < 0 || leaf > MAX_LEAF) throw new RangeError('no leaf of a call');
  if (!Number.isInteger(epochBits) || epochBits < 0 || epochBits >= EPOCHS_APART) {
    throw new RangeError('no epoch bits');
  }
  const number = SLOT_NUMBERS.get(slot) ?? 0n;
  return (BigInt(leaf) << (EPOCH_BITS + SLOT_BITS)) | (BigInt(epochBits) << SLOT_BITS) | number;
}

/** The parts of a key id; null where it has more than 16 bits or names no slot. */
export function unpackKeyId(keyId: bigint): KeyIdParts | null {
  if (keyId < 0n || keyId >> (LEAF_BITS + EPOCH_BITS + SLOT_BITS) !== 0n) return null;
  const slot = SLOTS[Number(keyId & 0b111n)];
  if (slot === undefined) return null;
  const epochBits = Number((keyId >> SLOT_BITS) & 0b1111n);
  return { slot, leaf: Number(keyId >> (EPOCH_BITS + SLOT_BITS)), epochBits };
}
