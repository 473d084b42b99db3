import * as z from 'zod/mini';
import { Id } from './entities.ts';
import { LIMITS } from './limits.ts';

/**
 * What devices and server say about forwarded media: transports and tracks of the SFU. The shapes are those of mediasoup and
 * mediasoup-client (ORTC); here they are closed and bounded, since they come from anybody.
 */

const Kind = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof Kind>;

/** What a published track shows or lets hear. At most one of each for a device. */
export const MediaSource = z.enum(['microphone', 'camera', 'screen', 'screen_sound']);
export type MediaSource = z.infer<typeof MediaSource>;

/** The SFU's own id of a transport, a track, or a track as one device receives it. */
export const MediaId = z.string().check(z.minLength(8), z.maxLength(64), z.regex(/^[\w-]+$/));

const Name = z.string().check(z.maxLength(128));
const Number32 = z.number().check(z.gte(0), z.lte(4_294_967_295));
const Bit7 = z.int().check(z.gte(0), z.lte(127));
const Flag = z.optional(z.boolean());

/** Codec parameters (RFC 8866 `fmtp`), as names and plain values. */
const CodecParameters = z
  .record(Name, z.union([z.string().check(z.maxLength(512)), z.number(), z.boolean(), z.null()]))
  .check(z.refine((value) => Object.keys(value).length <= 32, 'too many parameters'));

const Feedback = z.array(z.strictObject({ type: Name, parameter: z.optional(Name) })).check(z.maxLength(16));
const Extension = z.strictObject({
  kind: z.optional(Kind),
  uri: Name,
  preferredId: z.int().check(z.gte(1), z.lte(255)),
  preferredEncrypt: Flag,
  direction: z.optional(z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive'])),
});

export const RtpCapabilities = z.strictObject({
  codecs: z
    .array(
      z.strictObject({
        kind: Kind,
        mimeType: Name,
        preferredPayloadType: z.optional(Bit7),
        clockRate: Number32,
        channels: z.optional(z.int().check(z.gte(1), z.lte(8))),
        parameters: z.optional(CodecParameters),
        rtcpFeedback: z.optional(Feedback),
      }),
    )
    .check(z.maxLength(64)),
  headerExtensions: z.array(Extension).check(z.maxLength(64)),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

const Encoding = z.strictObject({
  active: Flag,
  ssrc: z.optional(Number32),
  rid: z.optional(Name),
  codecPayloadType: z.optional(Bit7),
  rtx: z.optional(z.strictObject({ ssrc: Number32 })),
  dtx: Flag,
  scalabilityMode: z.optional(Name),
  scaleResolutionDownBy: z.optional(Number32),
  maxBitrate: z.optional(Number32),
  maxFramerate: z.optional(Number32),
  adaptivePtime: Flag,
  priority: z.optional(Name),
  networkPriority: z.optional(Name),
});

export const RtpParameters = z.strictObject({
  mid: z.optional(Name),
  codecs: z
    .array(
      z.strictObject({
        mimeType: Name,
        payloadType: Bit7,
        clockRate: Number32,
        channels: z.optional(z.int().check(z.gte(1), z.lte(8))),
        parameters: z.optional(CodecParameters),
        rtcpFeedback: z.optional(Feedback),
      }),
    )
    .check(z.minLength(1), z.maxLength(16)),
  headerExtensions: z.optional(
    z
      .array(
        z.strictObject({
          uri: Name,
          id: z.int().check(z.gte(1), z.lte(255)),
          encrypt: Flag,
          parameters: z.optional(CodecParameters),
        }),
      )
      .check(z.maxLength(32)),
  ),
  /** One for each simulcast layer. */
  encodings: z.optional(z.array(Encoding).check(z.maxLength(4))),
  rtcp: z.optional(
    z.strictObject({ cname: z.optional(Name), ssrc: z.optional(Number32), reducedSize: Flag, mux: Flag }),
  ),
  msid: z.optional(Name),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

const Fingerprint = z.strictObject({
  algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
  value: z.string().check(z.maxLength(256), z.regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})+$/)),
});
/** An empty list of fingerprints has killed media servers: at least one. */
export const DtlsParameters = z.strictObject({
  role: z.optional(z.enum(['auto', 'client', 'server'])),
  fingerprints: z.array(Fingerprint).check(z.minLength(1), z.maxLength(8)),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

export const IceParameters = z.strictObject({
  usernameFragment: Name,
  password: Name,
  iceLite: Flag,
});
export type IceParameters = z.infer<typeof IceParameters>;

const IceCandidate = z.strictObject({
  foundation: Name,
  priority: Number32,
  address: Name,
  ip: z.optional(Name),
  protocol: z.enum(['udp', 'tcp']),
  port: z.int().check(z.gte(0), z.lte(65_535)),
  type: z.enum(['host', 'srflx', 'prflx', 'relay']),
  tcpType: z.optional(z.enum(['active', 'passive', 'so'])),
});

/** One way between a device and the SFU, as `mediasoup-client` takes it. */
export const MediaTransport = z.strictObject({
  transportId: MediaId,
  iceParameters: IceParameters,
  iceCandidates: z.array(IceCandidate),
  dtlsParameters: DtlsParameters,
});
export type MediaTransport = z.infer<typeof MediaTransport>;

/** A track that somebody in the call sends to the SFU. */
export const PublishedTrack = z.strictObject({
  trackId: MediaId,
  deviceId: Id,
  source: MediaSource,
  kind: Kind,
  /** Its sender sends nothing at present. */
  paused: z.boolean(),
});
export type PublishedTrack = z.infer<typeof PublishedTrack>;

/** The answer to `open_media`. */
export const OpenedMedia = z.strictObject({
  routerRtpCapabilities: RtpCapabilities,
  send: MediaTransport,
  receive: MediaTransport,
  /** Of the others. */
  tracks: z.array(PublishedTrack),
});
export type OpenedMedia = z.infer<typeof OpenedMedia>;

/** A track of somebody else as this device receives it. */
export const ReceivedTrack = z.strictObject({
  trackId: MediaId,
  consumerId: MediaId,
  kind: Kind,
  rtpParameters: RtpParameters,
  paused: z.boolean(),
});
export type ReceivedTrack = z.infer<typeof ReceivedTrack>;

/** What of a track a device wants: nothing (`paused`), or no more than these layers; null: as much as there is. */
export const TrackWish = z.strictObject({
  trackId: MediaId,
  paused: z.boolean(),
  spatialLayer: z.nullable(z.int().check(z.gte(0), z.lte(7))),
  temporalLayer: z.nullable(z.int().check(z.gte(0), z.lte(7))),
  /** 1 to 255: when there is not enough for all, the greater comes first. */
  priority: z.int().check(z.gte(1), z.lte(255)),
});
export type TrackWish = z.infer<typeof TrackWish>;

/** Tracks named in one message. */
export const TrackIds = z.array(MediaId).check(z.maxLength(LIMITS.tracksAtOnce));
