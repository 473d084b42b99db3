import type { DeviceOptions } from '@visavis/client';

type GroupMedia = Pick<
  DeviceOptions,
  | 'createForwardedMedia'
  | 'prepareForwardedMedia'
  | 'openScreen'
  | 'canShareScreen'
  | 'onGroupNotice'
  | 'memory'
>;

/** For devices of tests that only call each other directly: whoever gets into a group call here has a fault. */
export const noGroupMedia: GroupMedia = {
  createForwardedMedia: () => {
    throw new Error('this device takes no part in group calls');
  },
  prepareForwardedMedia: () => {},
  openScreen: () => Promise.reject(new Error('this device has no screen')),
  canShareScreen: false,
  onGroupNotice: () => {},
  memory: { read: () => null, write: () => {} },
};
