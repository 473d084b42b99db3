import { RtpParameters } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { PartMessage, PipeEnd, PipeMessage, RemoteTrack } from '../../mediaSpan.ts';

const Kind = z.enum(['audio', 'video']);
const Layer = z.nullable(z.int());
const TrackId = z.string();

const End: z.ZodMiniType<PipeEnd> = z.object({
  ip: z.string(),
  port: z.int(),
  cryptoSuite: z.enum([
    'AEAD_AES_256_GCM',
    'AEAD_AES_128_GCM',
    'AES_CM_128_HMAC_SHA1_80',
    'AES_CM_128_HMAC_SHA1_32',
  ]),
  keyBase64: z.string(),
});
const Parameters = z.pipe(
  RtpParameters,
  z.transform(({ headerExtensions = [], encodings = [], ...rest }: RtpParameters) => ({
    ...rest,
    headerExtensions,
    encodings,
  })),
);
const Pipe: z.ZodMiniType<PipeMessage> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ask'), trackId: TrackId }),
  z.object({
    type: z.literal('opened'),
    trackId: TrackId,
    wayId: z.string(),
    end: End,
    kind: Kind,
    rtpParameters: Parameters,
    paused: z.boolean(),
  }),
  z.object({ type: z.literal('refused'), trackId: TrackId }),
  z.object({ type: z.literal('connect'), wayId: z.string(), end: End }),
  z.object({ type: z.literal('watch'), trackId: TrackId, maxSpatialLayer: Layer }),
  z.object({ type: z.literal('paused'), trackId: TrackId, paused: z.boolean() }),
  z.object({ type: z.literal('closed'), trackId: TrackId }),
  z.object({ type: z.literal('end') }),
]);
const Track: z.ZodMiniType<RemoteTrack> = z.object({
  trackId: TrackId,
  deviceId: z.string(),
  source: z.enum(['microphone', 'camera', 'screen', 'screen_sound']),
  kind: Kind,
  paused: z.boolean(),
  nodeId: z.string(),
});

/** What nodes that share a call say to each other (MED6). */
export const PartMessageText: z.ZodMiniType<PartMessage> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pipe'), message: Pipe }),
  z.object({ type: z.literal('tracks'), tracks: z.array(Track) }),
  z.object({
    type: z.literal('levels'),
    volumes: z.array(z.object({ deviceId: z.string(), volume: z.number() })),
  }),
  z.object({ type: z.literal('leaving') }),
  z.object({ type: z.literal('lost') }),
]);
