import { MOST_POINTS } from '@visavis/client';
import type { CallStatistics, QualityPoint } from '../model/model.ts';

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

/** Three minutes in which a line gets bad and recovers, the same each time. */
export const points = (): readonly QualityPoint[] =>
  Array.from({ length: MOST_POINTS }, (_, second) => {
    const wave = Math.sin(second / 7) * 0.5 + Math.sin(second / 3) * 0.3;
    const isBad = second > 90 && second < 150;
    return {
      atMs: second * 1_000,
      roundTripMs: (isBad ? 160 : 24) + wave * 12 + 12,
      sentLoss: isBad ? 0.08 + wave * 0.02 : Math.max(0, wave * 0.004),
      receivedLoss: isBad ? 0.02 + wave * 0.01 : 0,
      sentBitrate: (isBad ? 400_000 : 1_600_000) + wave * 150_000,
      receivedBitrate: 1_450_000 + wave * 120_000,
      framesPerSecond: isBad ? 18 + wave * 4 : 29,
    };
  });
