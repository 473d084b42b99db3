import type { Slot } from '@visavis/encryption';
import type { MediaSource } from '@visavis/protocol';
import type { MediaCodec } from './codecs.ts';
import type { SealedMedia } from './sealedMedia.ts';

/** What the media of a call need so that nobody but its devices can see or hear them. */
export interface MediaSeal {
  readonly media: SealedMedia;
  /** From which device the frames of a track have to be: none of anybody else passes, and before this none at all. */
  bindTrack(track: string, deviceId: string, source: MediaSource): void;
  removeTrack(track: string): void;
}

/** Of each source one codec: both ends know it without a word of the server. */
export const codecOf = (source: MediaSource): MediaCodec =>
  source === 'microphone' || source === 'screen_sound' ? 'opus' : 'vp8';

const SLOTS: Readonly<Record<MediaSource, readonly Slot[]>> = {
  microphone: ['microphone'],
  camera: ['camera_low', 'camera_mid', 'camera_high'],
  screen: ['screen'],
  screen_sound: ['screen_sound'],
};

/** Every slot that frames of this source may have, one for each simulcast layer there can be. */
export const slotsOf = (source: MediaSource): readonly Slot[] => SLOTS[source];
