import type { types } from 'mediasoup';

/** As media.md's table starts: what is not listed is not negotiated, by nobody. */
export const MEDIA_CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  // The order is a wish: the first that a browser has is what it sends.
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
  { kind: 'video', mimeType: 'video/AV1', clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: {
      'packetization-mode': 1,
      // Constrained baseline, level 3.1: what every browser with H.264 has.
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
    },
  },
];

/** Three simulcast layers of the camera and one screen of 1080p at their best, with room for retransmission. */
export const MOST_INCOMING_BITRATE = 8_000_000;
/** What the estimate of a receiver's bandwidth starts from: one large tile, so that it is not blurred for seconds. */
export const FIRST_OUTGOING_BITRATE = 1_000_000;
