export type {
  DirectMedia,
  DirectMediaCounters,
  DirectMediaOptions,
  DirectMediaState,
  LocalTracks,
  MediaPath,
} from './direct/types.ts';
export type {
  Capture,
  CaptureNotice,
  CaptureOptions,
  CaptureProblem,
  CaptureShare,
  CaptureShareState,
  CaptureState,
  DeviceChoice,
} from './capture/types.ts';
export type { LevelMeter } from './levels/types.ts';
export { createDirectMedia } from './direct/directMedia.ts';
export { createCapture } from './capture/capture.ts';
export { createLevelMeter } from './levels/levelMeter.ts';
