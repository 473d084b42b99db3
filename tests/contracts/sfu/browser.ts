import type { DtlsParameters, RtpCapabilities, RtpParameters } from '@visavis/server';

/** What Chromium says of itself to a router that offers Opus and VP8, and of the tracks that it sends. */

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const RID = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
const REPAIRED_RID = 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id';
const SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

const VIDEO_FEEDBACK = [
  { type: 'goog-remb', parameter: '' },
  { type: 'transport-cc', parameter: '' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'nack', parameter: '' },
  { type: 'nack', parameter: 'pli' },
];

export const CAPABILITIES: RtpCapabilities = {
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
      parameters: { minptime: 10, useinbandfec: 1 },
      rtcpFeedback: [{ type: 'transport-cc', parameter: '' }],
    },
    {
      kind: 'video',
      mimeType: 'video/VP8',
      preferredPayloadType: 101,
      clockRate: 90_000,
      parameters: {},
      rtcpFeedback: VIDEO_FEEDBACK,
    },
    {
      kind: 'video',
      mimeType: 'video/rtx',
      preferredPayloadType: 102,
      clockRate: 90_000,
      parameters: { apt: 101 },
      rtcpFeedback: [],
    },
  ],
  headerExtensions: [
    ...(['audio', 'video'] as const).flatMap((kind) => [
      { kind, uri: MID, preferredId: 1, preferredEncrypt: false, direction: 'sendrecv' as const },
      { kind, uri: SEND_TIME, preferredId: 4, preferredEncrypt: false, direction: 'sendrecv' as const },
    ]),
    { kind: 'video', uri: TRANSPORT_CC, preferredId: 5, preferredEncrypt: false, direction: 'sendrecv' },
    { kind: 'audio', uri: AUDIO_LEVEL, preferredId: 10, preferredEncrypt: false, direction: 'sendrecv' },
    // Every browser has some that a router does not know.
    { kind: 'video', uri: 'http://www.webrtc.org/experiments/rtp-hdrext/video-timing', preferredId: 14 },
  ],
};

let ssrc = 1_000;

export function microphone(mid = '0'): RtpParameters {
  ssrc += 10;
  return {
    mid,
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
        rtcpFeedback: [{ type: 'transport-cc', parameter: '' }],
      },
    ],
    headerExtensions: [
      { uri: MID, id: 4, encrypt: false, parameters: {} },
      { uri: SEND_TIME, id: 2, encrypt: false, parameters: {} },
      { uri: TRANSPORT_CC, id: 3, encrypt: false, parameters: {} },
      { uri: AUDIO_LEVEL, id: 1, encrypt: false, parameters: {} },
    ],
    encodings: [{ ssrc, dtx: true }],
    rtcp: { cname: 'fK0mQvZ3aB', reducedSize: true },
  };
}

/** Three simulcast layers. */
export function camera(mid = '1'): RtpParameters {
  return {
    mid,
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: VIDEO_FEEDBACK,
      },
      {
        mimeType: 'video/rtx',
        payloadType: 97,
        clockRate: 90_000,
        parameters: { apt: 96 },
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [
      { uri: MID, id: 4, encrypt: false, parameters: {} },
      { uri: RID, id: 10, encrypt: false, parameters: {} },
      { uri: REPAIRED_RID, id: 11, encrypt: false, parameters: {} },
      { uri: SEND_TIME, id: 2, encrypt: false, parameters: {} },
      { uri: TRANSPORT_CC, id: 3, encrypt: false, parameters: {} },
    ],
    encodings: ['q', 'h', 'f'].map((rid) => ({ rid, scalabilityMode: 'L1T3', maxBitrate: 500_000 })),
    rtcp: { cname: 'fK0mQvZ3aB', reducedSize: true },
  };
}

export const DTLS: DtlsParameters = {
  role: 'client',
  fingerprints: [
    {
      algorithm: 'sha-256',
      value: Array.from({ length: 32 }, (_, index) => (index + 16).toString(16).toUpperCase()).join(':'),
    },
  ],
};
