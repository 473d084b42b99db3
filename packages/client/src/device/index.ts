export { createDevice } from './device.ts';
export { openBrowserSocket, signalingUrl } from './browser.ts';
export type {
  Device,
  DeviceCallView,
  DeviceGroupView,
  DeviceOptions,
  DeviceView,
  GroupNotice,
} from './types.ts';
export type { TalkLine, TalkReaction } from './groupTalk.ts';
