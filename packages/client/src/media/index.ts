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
export { findSealProblem } from './sealed/index.ts';
export { DIRECT_TRACKS } from './direct/lines.ts';
export { createCapture } from './capture/capture.ts';
export { createLevelMeter } from './levels/levelMeter.ts';
export { anonymousStatistics } from './statistics/anonymous.ts';
export { takeSample } from './statistics/sample.ts';
export {
  addSample,
  feltLossOf,
  lossAtFirstOf,
  NO_STATISTICS,
  statisticsOf,
  type StatisticsRecord,
} from './statistics/record.ts';
export type { CallStatistics, FlowStatistics, MediaProtocol } from './statistics/types.ts';
export type {
  ForwardedMedia,
  ForwardedMediaOptions,
  ForwardedMediaState,
  ForwardedTracks,
  MediaQuality,
  MediaTile,
  RemoteMedia,
  RemoteScreen,
} from './forwarded/types.ts';
export {
  createDirectMedia,
  createForwardedMedia,
  loadCallMedia,
  prepareForwardedMedia,
} from './late/index.ts';
export { canShareScreen, openScreen, type ScreenFailure, type ScreenShare } from './capture/screen.ts';
export { ENOUGH_LIGHT, lookAtLight, type Light } from './light/lowLight.ts';
export { openPicture } from './light/picture.ts';
export {
  hearMicrophone,
  hintOf,
  NOTHING_HEARD,
  type HeardMicrophone,
  type MicrophoneHint,
} from './levels/microphone.ts';
export { DEFAULT_SOUND, isPlain, type SoundProcessing, type SoundWishes } from './capture/sound.ts';
export { denoiseGraphs, type DenoiseFiles } from './denoise/graph.ts';
export type { StrongNoiseState } from './denoise/strongNoise.ts';
export { NO_BACKGROUND, type BackgroundState, type BackgroundWish } from './background/background.ts';
export { backgroundGraphs, type BackgroundFiles } from './background/graph.ts';
