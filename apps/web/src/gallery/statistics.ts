import type { CallStatistics } from '../model/model.ts';

export const goodStatistics: CallStatistics = {
  path: 'direct',
  protocol: 'udp',
  roundTripMs: 23,
  jitterMs: 4,
  sent: {
    width: 1280,
    height: 720,
    framesPerSecond: 30,
    videoCodec: 'VP8',
    audioCodec: 'opus',
    bitrate: 1_640_000,
    loss: 0,
  },
  received: {
    width: 1280,
    height: 720,
    framesPerSecond: 29,
    videoCodec: 'VP8',
    audioCodec: 'opus',
    bitrate: 1_480_000,
    loss: 0.002,
  },
  availableBitrate: 3_200_000,
  limitation: null,
  usedBytes: 71_300_000,
};

export const poorStatistics: CallStatistics = {
  ...goodStatistics,
  path: 'relayed',
  protocol: 'tls',
  roundTripMs: 312,
  jitterMs: 48,
  sent: {
    ...goodStatistics.sent,
    width: 320,
    height: 180,
    framesPerSecond: 11,
    bitrate: 148_000,
    loss: 0.084,
  },
  received: { ...goodStatistics.received, bitrate: 922_000, loss: 0.011 },
  availableBitrate: 162_000,
  limitation: 'bandwidth',
  usedBytes: 1_204_000_000,
};
