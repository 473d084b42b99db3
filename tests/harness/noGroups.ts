import type { CallSeal, DeviceOptions } from '@visavis/client';

type GroupMedia = Pick<
  DeviceOptions,
  | 'deviceId'
  | 'guestKey'
  | 'createForwardedMedia'
  | 'prepareForwardedMedia'
  | 'openScreen'
  | 'canShareScreen'
  | 'onGroupNotice'
  | 'memory'
  | 'talkMemory'
>;

/** For devices of tests that only call each other directly: whoever gets into a group call here has a fault. */
const unused = (): never => {
  throw new Error('nothing is sealed here');
};

/** For devices of tests whose media are played: there is nothing to seal, and they take no part in keys. */
export const openNoSeal = (): CallSeal => ({
  media: {
    createPeer: unused,
    configurePeer: unused,
    addLine: unused,
    takeLine: unused,
    transportSettings: { encodedInsertableStreams: true },
    sealSender: unused,
    sealReceiver: unused,
    repeatSound: () => {},
  },
  transports: { sign: () => Promise.resolve(null), check: () => Promise.resolve(false) },
  setPresent: () => {},
  allow: () => {},
  refuseConnection: () => {},
  prepare: () => {},
  join: () => {},
  bindTrack: () => {},
  removeTrack: () => {},
  handleEvent: () => {},
  refresh: () => {},
  getState: () => ({ phase: 'preparing', devices: [], held: [], code: null }),
  getFacts: () => Promise.resolve(null),
  sealData: () => Promise.resolve(null),
  openData: () => Promise.resolve(null),
  reconsider: () => {},
  close: () => {},
});

export const noGroupMedia: GroupMedia = {
  deviceId: 'in no group call',
  guestKey: null,
  createForwardedMedia: () => {
    throw new Error('this device takes no part in group calls');
  },
  prepareForwardedMedia: () => {},
  openScreen: () => Promise.reject(new Error('this device has no screen')),
  canShareScreen: false,
  onGroupNotice: () => {},
  memory: { read: () => null, write: () => {} },
  talkMemory: { read: () => [], write: () => {}, keep: () => {} },
};
