import { RATES, type ClientMessage } from '@visavis/protocol';
import { refill, takeToken, type Bucket, type Rate } from '../tokenBucket.ts';

/** Acknowledgements are cheap and as many as the events; more of them than that is a flood. */
const ACK_RATE: Rate = { burst: 400, perMs: 1_000 };
/** A new registration costs queries; a device that reconnects faster than this is refused for a moment. */
const REGISTER_RATE: Rate = { burst: 30, perMs: 30_000 };
/** How much nonsense is answered patiently before the socket is closed (`CLOSE.abuse`). */
export const STRIKE_RATE: Rate = { burst: 100, perMs: 10_000 };

type Kind = keyof typeof RATES | 'register' | 'ack' | 'strike';
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

interface Device {
  readonly buckets: Partial<Record<Kind, Bucket>>;
  usedAt: number;
}

/** By device and not by socket: a new socket does not fill a bucket. A device has one socket, so its node counts alone. */
export function createRateLimits(now: () => number): RateLimits {
  const devices = new Map<string, Device>();
  const bucketOf = (deviceId: string, kind: Kind, at: number): Bucket => {
    let device = devices.get(deviceId);
    if (device === undefined) devices.set(deviceId, (device = { buckets: {}, usedAt: at }));
    device.usedAt = at;
    return (device.buckets[kind] ??= { tokens: KIND_RATES[kind].burst, at });
  };
  return {
    take: (deviceId, kind) => {
      const at = now();
      return takeToken(bucketOf(deviceId, kind, at), KIND_RATES[kind], at);
    },
    isExhausted: (deviceId, kind) => {
      const bucket = devices.get(deviceId)?.buckets[kind];
      return bucket !== undefined && refill(bucket, KIND_RATES[kind], now()) !== null;
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
    case 'send_approval':
    case 'send_data':
    case 'offer_move':
    case 'ack':
      return type;
    case 'start_group':
    case 'add_people':
      // They ring people, as a dial does.
      return 'initiate_call';
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
    case 'admit_person':
    case 'ask_media':
    case 'connect_media':
    case 'join_by_link':
    case 'join_call':
    case 'join_keys':
    case 'commit_keys':
    case 'refresh_keys':
    case 'list_tracks':
    case 'lock_call':
    case 'open_media':
    case 'pause_track':
    case 'prefer_tracks':
    case 'publish_track':
    case 'receive_tracks':
    case 'remove_person':
    case 'restart_media':
    case 'unpublish_track':
    case 'move_call':
    case 'confirm_move':
    case 'drop_move':
      return 'other';
  }
}
