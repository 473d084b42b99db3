export { createDevice } from './device.ts';
export { openSeal } from './openSeal.ts';
export { openBrowserSocket, signalingUrl } from './browser.ts';
export type { OwnDevicesView } from './ownDevices.ts';
export type {
  CallToMove,
  Device,
  DeviceCallView,
  DeviceGroupView,
  DeviceOptions,
  DeviceView,
  GroupNotice,
  MoveOffered,
  SealHandlers,
} from './types.ts';
export { mayBeAllowed } from './judging.ts';
export type { CallSeal, DeviceStanding, HeldDevice, HoldReason, SealFacts, SealState } from './seal.ts';
export type { Transports } from '../media/direct/transports.ts';
export type { TalkLine, TalkMemory, TalkReaction } from './groupTalk.ts';
