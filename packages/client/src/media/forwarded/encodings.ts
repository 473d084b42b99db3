import type { MediaSource } from '@visavis/protocol';

/** One simulcast layer of a camera, lowest first. `bitrate` in bits per second; sizes are those of a picture of 16:9. */
export const CAMERA_LAYERS = [
  { width: 320, height: 180, framerate: 15, bitrate: 150_000, pixels: 0 },
  { width: 640, height: 360, framerate: 25, bitrate: 450_000, pixels: 480 * 270 },
  // `pixels`: Chromium sends a layer only of cameras with at least so many; asked for more, it leaves out the largest.
  { width: 1_280, height: 720, framerate: 30, bitrate: 1_500_000, pixels: 960 * 540 },
] as const;
/** Three frame rates within each layer: the media server can leave out every other frame without a key frame. */
const TEMPORAL = 'L1T3';

/** Bits per second. Text that scrolls at 15 frames stays readable; more costs the others their cameras. */
export const SCREEN_BITRATE = 2_500_000;
const SCREEN_FRAMERATE = 15;
/** Bits per second: speech, and the sound of what is shown, which may be music. */
const VOICE_BITRATE = 32_000;
const RICH_SOUND_BITRATE = 128_000;

/** In kbit/s, where the encoder begins: as in direct calls. */
const START_KBPS = 1_000;

export interface Encoding {
  readonly encodings?: RTCRtpEncodingParameters[];
  readonly codecOptions: {
    readonly opusStereo?: boolean;
    readonly opusFec?: boolean;
    readonly opusDtx?: boolean;
    readonly opusMaxAverageBitrate?: number;
    readonly videoGoogleStartBitrate?: number;
  };
}

const RICH_SOUND: Encoding = {
  codecOptions: { opusStereo: true, opusFec: true, opusMaxAverageBitrate: RICH_SOUND_BITRATE },
};

/**
 * Whether a microphone is sent in two channels: one that has them, and of which nothing is taken out. Not for voices: browsers encode what has two
 * channels as music, of which less is repaired, and silence costs more.
 */
export function isStereo(track: MediaStreamTrack): boolean {
  const { channelCount = 1, echoCancellation, noiseSuppression, autoGainControl } = track.getSettings();
  const isPlain = ![echoCancellation, noiseSuppression, autoGainControl].some(isOn);
  return channelCount >= 2 && isPlain;
}

/** Some browsers name the kind of echo cancellation that is on. */
const isOn = (processing: boolean | string | undefined): boolean =>
  processing !== undefined && processing !== false;

type Layer = RTCRtpEncodingParameters & { readonly scalabilityMode: string };

/** How a track is sent to the media server. */
export function encodingOf(source: MediaSource, track: MediaStreamTrack): Encoding {
  switch (source) {
    case 'microphone':
      if (isStereo(track)) return RICH_SOUND;
      // What is not said is not sent: most people in a group listen.
      return {
        codecOptions: {
          opusStereo: false,
          opusFec: true,
          opusDtx: true,
          opusMaxAverageBitrate: VOICE_BITRATE,
        },
      };
    case 'screen_sound':
      return RICH_SOUND;
    case 'camera': {
      const encodings = cameraEncodings(track.getSettings());
      return { encodings, codecOptions: { videoGoogleStartBitrate: START_KBPS } };
    }
    case 'screen':
      return {
        encodings: [{ maxBitrate: SCREEN_BITRATE, maxFramerate: SCREEN_FRAMERATE }],
        codecOptions: { videoGoogleStartBitrate: START_KBPS },
      };
  }
}

/** @returns how many layers have at most so many lines; the lowest always comes */
export const layersFor = (lines: number): number =>
  Math.max(1, CAMERA_LAYERS.filter(({ height }) => height <= lines).length);

/** Layers of the sizes above, as far as the camera has so many pixels; either way up, since phones are turned. */
export function cameraEncodings(size: { readonly width?: number; readonly height?: number }): Layer[] {
  const { width: across = 1_280, height: down = 720 } = size;
  const long = Math.max(across, down);
  const short = Math.min(across, down);
  return CAMERA_LAYERS.filter(({ pixels }) => long * short >= pixels).map(
    ({ width, height, bitrate, framerate }) => ({
      maxBitrate: bitrate,
      maxFramerate: framerate,
      scaleResolutionDownBy: Math.max(1, long / width, short / height),
      scalabilityMode: TEMPORAL,
    }),
  );
}
