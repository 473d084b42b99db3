export { createDevice } from './device.ts';
export { openBrowserSocket, signalingUrl } from './browser.ts';
export type { Device, DeviceCallView, DeviceOptions, DeviceView } from './types.ts';
