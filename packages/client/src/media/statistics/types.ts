import type { MediaPath } from '../direct/types.ts';

/** How this device reaches the other end, or its own relay. */
export type MediaProtocol = 'udp' | 'tcp' | 'tls';

/** One direction of a call. Null: not known, or nothing of it flows. */
export interface FlowStatistics {
  /** Pixels of the picture as it is encoded, in the shape in which it is sent. */
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  /** Such as `VP8` and `opus`. */
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  /** Bits per second over the last seconds, sound and picture together. */
  readonly bitrate: number | null;
  /** Share of the packets that did not arrive over the last seconds, 0 to 1. */
  readonly loss: number | null;
}

/** What a person or an operator wants to know of a call's connection. It holds no address and no name. */
export interface CallStatistics {
  readonly path: MediaPath | 'forwarded' | null;
  readonly protocol: MediaProtocol | null;
  readonly roundTripMs: number | null;
  /** How unevenly packets arrive, the worse of sound and picture. */
  readonly jitterMs: number | null;
  readonly sent: FlowStatistics;
  readonly received: FlowStatistics;
  /** Bits per second that the browser believes it can send. */
  readonly availableBitrate: number | null;
  /** Why the sent picture is smaller than it could be. */
  readonly limitation: 'bandwidth' | 'cpu' | 'other' | null;
  /** Everything that was sent and received so far, in all connections of this call. */
  readonly usedBytes: number;
}
