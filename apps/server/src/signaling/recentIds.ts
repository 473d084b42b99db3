/** The last ids that were put in. */
export interface RecentIds {
  has(id: string): boolean;
  /** Forgets the oldest where there is no room. */
  add(id: string): void;
}

/**
 * Remembers ids by a hash of 64 bits, in a few numbers that the garbage collector never looks at: as strings they would outlive
 * many collections, and moving them about costs more than all the rest of passing a message on. Two ids of one device are taken
 * for the same once in 10^17 messages, unless that device makes such ids itself, which harms nobody else.
 */
export function createRecentIds(most: number): RecentIds {
  // Made when the first id comes: most devices only wait.
  let hashes: Int32Array | null = null;
  /** How many of the ids have these lowest bits: most new ids are seen to be new without a look at all others. */
  let counts: Uint16Array | null = null;
  let count = 0;
  return {
    has: (id) => {
      if (hashes === null || counts === null) return false;
      const { high, low } = hashOf(id);
      if (counts[low & SLOT_BITS] === 0) return false;
      const end = 2 * Math.min(count, most);
      for (let at = 0; at < end; at += 2) if (hashes[at] === low && hashes[at + 1] === high) return true;
      return false;
    },
    add: (id) => {
      hashes ??= new Int32Array(2 * most);
      counts ??= new Uint16Array(SLOT_BITS + 1);
      const { high, low } = hashOf(id);
      const at = 2 * (count % most);
      if (count >= most) addTo(counts, hashes[at] ?? 0, -1);
      addTo(counts, low, 1);
      hashes[at] = low;
      hashes[at + 1] = high;
      count += 1;
    },
  };
}

/** Four times as many slots as remembered ids: three of four new ids meet an empty one. */
const SLOT_BITS = 0x3ff;

function addTo(counts: Uint16Array, low: number, change: number): void {
  const slot = low & SLOT_BITS;
  counts[slot] = (counts[slot] ?? 0) + change;
}

/** Of the id that was looked at last: it is asked for first and then put in. */
const last = { id: '', high: ~0, low: 0 };

/** Two rounds of multiplication and rotation for each character, each with constants of its own (those of MurmurHash3). */
function hashOf(id: string): { readonly high: number; readonly low: number } {
  if (id === last.id) return last;
  let low = id.length;
  let high = ~id.length;
  for (let n = 0; n < id.length; n += 1) {
    const code = id.charCodeAt(n);
    low = Math.imul(low ^ Math.imul(code + n, 0xcc9e2d51), 0x1b873593);
    low = (low << 13) | (low >>> 19);
    high = Math.imul(high ^ Math.imul(code ^ (n << 8), 0x85ebca6b), 0xc2b2ae35);
    high = (high << 15) | (high >>> 17);
  }
  last.id = id;
  last.low = low | 0;
  last.high = high | 0;
  return last;
}
