import type { CaptureProblem } from './types.ts';

export type CaptureKind = 'audio' | 'video';
/** What became of one kind. `unplugged`: it was there and went away. */
export type KindFailure = 'denied' | 'missing' | 'in_use' | 'unplugged' | 'insecure';

/** What a rejection of `getUserMedia` means (W3C mediacapture-streams §9.2.1). */
export function failureOf(error: unknown): KindFailure {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'TypeError':
      return 'insecure';
    default:
      // NotReadableError, AbortError: it is there and does not deliver.
      return 'in_use';
  }
}

/** One problem to tell a person: the microphone's first, because a call without a voice is hardly one. */
export function problemOf(audio: KindFailure | null, video: KindFailure | null): CaptureProblem | null {
  if (audio === 'insecure' || video === 'insecure') return 'insecure_page';
  if (audio === 'denied' && video === 'denied') return 'both_denied';
  if (audio !== null) return MICROPHONE[audio];
  return video === null ? null : CAMERA[video];
}

const MICROPHONE = {
  denied: 'microphone_denied',
  missing: 'no_microphone',
  in_use: 'microphone_in_use',
  unplugged: 'microphone_unplugged',
} as const satisfies Record<Exclude<KindFailure, 'insecure'>, CaptureProblem>;

const CAMERA = {
  denied: 'camera_denied',
  missing: 'no_camera',
  in_use: 'camera_in_use',
  unplugged: 'camera_unplugged',
} as const satisfies Record<Exclude<KindFailure, 'insecure'>, CaptureProblem>;
