import type { RtpCapabilities, RtpParameters } from '@visavis/server';
import { EXTENSION, PAYLOAD_TYPE } from './load.ts';

/*
 * What the devices say of themselves: as Chromium, without what this load has no use for (other codecs, retransmission).
 */
export const URI = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  sendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  level: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
};
const AUDIO_FEEDBACK = [{ type: 'transport-cc', parameter: '' }];
const VIDEO_FEEDBACK = [
  { type: 'transport-cc', parameter: '' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'nack', parameter: '' },
  { type: 'nack', parameter: 'pli' },
];
const OPUS = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2 } as const;
const VP8 = { mimeType: 'video/VP8', clockRate: 90_000 } as const;

export const CAPABILITIES: RtpCapabilities = {
  codecs: [
    {
      ...OPUS,
      kind: 'audio',
      preferredPayloadType: PAYLOAD_TYPE.opus,
      parameters: { minptime: 10, useinbandfec: 1 },
      rtcpFeedback: [],
    },
    {
      ...VP8,
      kind: 'video',
      preferredPayloadType: PAYLOAD_TYPE.vp8,
      parameters: {},
      rtcpFeedback: VIDEO_FEEDBACK.filter(({ type }) => type !== 'transport-cc'),
    },
  ],
  headerExtensions: [
    ...(['audio', 'video'] as const).flatMap((kind) => [
      { kind, uri: URI.mid, preferredId: 4, direction: 'sendrecv' as const },
      { kind, uri: URI.sendTime, preferredId: EXTENSION.sendTime, direction: 'sendrecv' as const },
    ]),
    { kind: 'audio', uri: URI.level, preferredId: EXTENSION.level, direction: 'sendrecv' },
  ],
};

const extension = (uri: string, id: number) => ({ uri, id, encrypt: false, parameters: {} });
const SENT_BY_ALL = [
  extension(URI.sendTime, EXTENSION.sendTime),
  extension(URI.transportSequence, EXTENSION.transportSequence),
];

export const microphoneOf = (ssrc: number): RtpParameters => ({
  mid: '0',
  codecs: [
    {
      ...OPUS,
      payloadType: PAYLOAD_TYPE.opus,
      parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
      rtcpFeedback: AUDIO_FEEDBACK,
    },
  ],
  headerExtensions: [extension(URI.level, EXTENSION.level), ...SENT_BY_ALL],
  encodings: [{ ssrc, dtx: true }],
  rtcp: { cname: `device-${ssrc}`, reducedSize: true },
});

export const cameraOf = (ssrcs: readonly number[]): RtpParameters => ({
  mid: '1',
  codecs: [{ ...VP8, payloadType: PAYLOAD_TYPE.vp8, parameters: {}, rtcpFeedback: VIDEO_FEEDBACK }],
  headerExtensions: SENT_BY_ALL,
  encodings: ssrcs.map((ssrc) => ({ ssrc, scalabilityMode: 'L1T3' })),
  rtcp: { cname: `device-${ssrcs[0] ?? 0}`, reducedSize: true },
});
