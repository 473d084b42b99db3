import type { LocalTracks } from './types.ts';
import type { Lines } from './lines.ts';

/** Bits per second. Opus speech is transparent to most ears from about 32 kbit/s on; in-band FEC is the browsers' default. */
const AUDIO_BITRATE = 32_000;
/** Bits per second: 720p30 of a talking person gains little above it. Relays carry each bit twice, and others pay for it. */
const CAMERA_BITRATE = { direct: 2_000_000, relayed: 1_000_000 } as const;
const CAMERA_FRAMERATE = 30;
const LONG_SIDE = 1_280;
const SHORT_SIDE = 720;

export const AUDIO_ENCODING: RTCRtpEncodingParameters = { maxBitrate: AUDIO_BITRATE, priority: 'high' };

export function cameraEncoding(track: MediaStreamTrack | null, isRelayed: boolean): RTCRtpEncodingParameters {
  return {
    maxBitrate: isRelayed ? CAMERA_BITRATE.relayed : CAMERA_BITRATE.direct,
    maxFramerate: CAMERA_FRAMERATE,
    scaleResolutionDownBy: scaleFor(track?.getSettings() ?? {}),
  };
}

/** How much smaller than the camera's picture the sent one is, at least 1. Either way up: phones are turned. */
export function scaleFor(size: { readonly width?: number; readonly height?: number }): number {
  const { width = 0, height = 0 } = size;
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  return Math.max(1, long / LONG_SIDE, short / SHORT_SIDE);
}

/**
 * Brings the encodings in force to what they should be. When bits or processor are short, resolution gives way before
 * frame rate: lips and gestures that move in time carry more of a conversation than sharp edges.
 */
export async function applyEncodings(lines: Lines, tracks: LocalTracks, isRelayed: boolean): Promise<void> {
  await Promise.allSettled([
    setEncoding(lines.audio?.sender, AUDIO_ENCODING),
    setEncoding(lines.video?.sender, cameraEncoding(tracks.video, isRelayed), 'maintain-framerate'),
  ]);
}

async function setEncoding(
  sender: RTCRtpSender | undefined,
  encoding: RTCRtpEncodingParameters,
  degradationPreference?: RTCDegradationPreference,
): Promise<void> {
  const parameters = sender?.getParameters();
  const current = parameters?.encodings[0];
  if (sender === undefined || parameters === undefined || current === undefined) return;
  Object.assign(current, encoding);
  if (degradationPreference !== undefined) Object.assign(parameters, { degradationPreference });
  await sender.setParameters(parameters);
}
