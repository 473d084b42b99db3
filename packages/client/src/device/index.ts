export { createDevice } from './device.ts';
export { openSeal } from './openSeal.ts';
export { openBrowserSocket, signalingUrl } from './browser.ts';
export type {
  Device,
  DeviceCallView,
  DeviceGroupView,
  DeviceOptions,
  DeviceView,
  GroupNotice,
  SealHandlers,
} from './types.ts';
export type { CallSeal, DeviceStanding, SealFacts, SealState } from './seal.ts';
export type { TalkLine, TalkReaction } from './groupTalk.ts';
