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
