import { changeParameters } from '../senderParameters.ts';
import type { SendingLimits } from '../../quality/index.ts';
import type { LocalTracks } from './types.ts';
import type { Lines } from './lines.ts';

/** Bits per second. Relays carry each bit twice, and others pay for it. */
const RELAYED_CAMERA_BITRATE = 1_000_000;

export const audioEncoding = ({ audioBitrate }: SendingLimits): RTCRtpEncodingParameters => ({
  maxBitrate: audioBitrate,
  priority: 'high',
});

/** A camera that is paused is not encoded at all. */
export function cameraEncoding(
  track: MediaStreamTrack | null,
  isRelayed: boolean,
  { camera }: SendingLimits,
): RTCRtpEncodingParameters {
  if (camera === null) return { active: false };
  const { bitrate, lines, framerate } = camera;
  return {
    active: true,
    maxBitrate: isRelayed ? Math.min(bitrate, RELAYED_CAMERA_BITRATE) : bitrate,
    maxFramerate: framerate,
    scaleResolutionDownBy: scaleFor(track?.getSettings() ?? {}, lines),
  };
}

/**
 * How much smaller than the camera's picture the sent one is, at least 1. Either way up: phones are turned.
 *
 * @param lines - of the shorter side of the largest picture of 16:9 that may be sent
 */
export function scaleFor(size: { readonly width?: number; readonly height?: number }, lines: number): number {
  const { width = 0, height = 0 } = size;
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  return Math.max(1, long / ((lines * 16) / 9), short / lines);
}

/** Brings the encodings in force to what they should be. */
export async function applyEncodings(
  lines: Lines,
  tracks: LocalTracks,
  isRelayed: boolean,
  limits: SendingLimits,
): Promise<void> {
  await Promise.allSettled([
    setEncoding(lines.audio?.sender, audioEncoding(limits)),
    setEncoding(
      lines.video?.sender,
      cameraEncoding(tracks.video, isRelayed, limits),
      limits.prefer === 'sharp' ? 'maintain-resolution' : 'maintain-framerate',
    ),
  ]);
}

async function setEncoding(
  sender: RTCRtpSender | undefined,
  encoding: RTCRtpEncodingParameters,
  degradationPreference?: RTCDegradationPreference,
): Promise<void> {
  if (sender === undefined) return;
  await changeParameters(sender, (parameters) => {
    const [current] = parameters.encodings;
    if (current === undefined) return false;
    Object.assign(current, encoding);
    if (degradationPreference !== undefined) Object.assign(parameters, { degradationPreference });
    return true;
  });
}
