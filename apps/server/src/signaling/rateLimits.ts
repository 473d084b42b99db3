import { RATES, type ClientMessage } from '@visavis/protocol';

/** A token bucket: `burst` at once, refilled evenly over `perMs`. */
export interface Rate {
  readonly burst: number;
  readonly perMs: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Acknowledgements are cheap and as many as the events; more of them than that is a flood. */
const ACK_RATE: Rate = { burst: 400, perMs: 1_000 };
/** A new registration costs queries; a device that reconnects faster than this is refused for a moment. */
const REGISTER_RATE: Rate = { burst: 30, perMs: 30_000 };
/** How much nonsense is answered patiently before the socket is closed (`CLOSE.abuse`). */
export const STRIKE_RATE: Rate = { burst: 100, perMs: 10_000 };

/** @returns the bucket after taking one token, or how long to wait for the next one. */
export function takeToken(
  bucket: Bucket | undefined,
  { burst, perMs }: Rate,
  now: number,
): { readonly bucket: Bucket; readonly retryAfterMs: number | null } {
  const refilled =
    bucket === undefined
      ? burst
      : Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * burst) / perMs);
  if (refilled >= 1) return { bucket: { tokens: refilled - 1, at: now }, retryAfterMs: null };
  return { bucket: { tokens: refilled, at: now }, retryAfterMs: Math.ceil(((1 - refilled) * perMs) / burst) };
}

type Kind = 'register' | 'initiate_call' | 'ice_candidate' | 'ack' | 'strike' | 'other';
const KIND_RATES: Readonly<Record<Kind, Rate>> = {
  ...RATES,
  register: REGISTER_RATE,
  ack: ACK_RATE,
  strike: STRIKE_RATE,
};

export interface RateLimits {
  /** @returns ms to wait when there are too many, else null. */
  take(deviceId: string, kind: Kind): number | null;
  /** Whether the device has none left of this kind; takes nothing. */
  isExhausted(deviceId: string, kind: Kind): boolean;
  /** Forgets devices whose buckets are full again anyway. */
  sweep(): void;
}

/** Longer than any bucket takes to fill. */
const IDLE_MS = Math.max(...Object.values(KIND_RATES).map(({ perMs }) => perMs));

/** By device and not by socket: a new socket does not fill a bucket. */
export function createRateLimits(now: () => number): RateLimits {
  const devices = new Map<string, { readonly buckets: Map<Kind, Bucket>; usedAt: number }>();
  return {
    take: (deviceId, kind) => {
      const device = devices.get(deviceId) ?? { buckets: new Map<Kind, Bucket>(), usedAt: 0 };
      const taken = takeToken(device.buckets.get(kind), KIND_RATES[kind], now());
      device.buckets.set(kind, taken.bucket);
      device.usedAt = now();
      devices.set(deviceId, device);
      return taken.retryAfterMs;
    },
    isExhausted: (deviceId, kind) => {
      const bucket = devices.get(deviceId)?.buckets.get(kind);
      return takeToken(bucket, KIND_RATES[kind], now()).retryAfterMs !== null;
    },
    sweep: () => {
      for (const [deviceId, { usedAt }] of devices) if (now() - usedAt > IDLE_MS) devices.delete(deviceId);
    },
  };
}

export function kindOf(type: ClientMessage['type']): Kind {
  switch (type) {
    case 'register':
    case 'initiate_call':
    case 'ice_candidate':
    case 'ack':
      return type;
    case 'report_ringing':
    case 'answer_call':
    case 'decline_call':
    case 'cancel_call':
    case 'end_call':
    case 'update_media':
    case 'report_media':
    case 'offer':
    case 'answer':
    case 'ping':
      return 'other';
  }
}
