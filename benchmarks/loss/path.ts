import { createRandom } from '@visavis/call/simulation';

/** What a path does to packets, one way. */
export interface Conditions {
  /** Share of packets that is lost, 0 to 1. */
  readonly loss: number;
  readonly delayMs: number;
  /** Bits per second, null: any. */
  readonly rate: number | null;
}

/** Of a path that is slower than what is sent, in ms: what would wait longer is lost, as in the queue of a router. */
const QUEUE_MS = 300;
const IP_BYTES = 28;

/** One way of a path. Which packets are lost follows from the seed and their number alone. */
interface OneWay {
  /** Begins anew with its numbers. */
  set(conditions: Conditions, seed: number): void;
  /** When a packet that is sent at `now` arrives, in ms; null: never. */
  arrivesAt(bytes: number, now: number): number | null;
}

export function createOneWay(): OneWay {
  let conditions: Conditions = { loss: 0, delayMs: 0, rate: null };
  let random = createRandom(1);
  let freeAt = 0;
  return {
    set(next, seed) {
      conditions = next;
      random = createRandom(seed);
      freeAt = 0;
    },
    arrivesAt(bytes, now) {
      const { loss, delayMs, rate } = conditions;
      if (random.between(0, 999_999) < loss * 1_000_000) return null;
      if (rate === null) return now + delayMs;
      const begin = Math.max(now, freeAt);
      if (begin - now > QUEUE_MS) return null;
      freeAt = begin + ((bytes + IP_BYTES) * 8_000) / rate;
      return freeAt + delayMs;
    },
  };
}
