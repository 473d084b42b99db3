import type { Model, OwnCall } from '../model/model.ts';
import { call, home } from './model.ts';
import { NOW, user } from './people.ts';
import { personStream } from './streams.ts';

const MEDIA = { muted: false, camera: true, screen: false, hand: false, held: false };
const ownCall = (callId: string, change: Partial<OwnCall> = {}): OwnCall => ({
  callId,
  callType: 'video',
  peer: user(1),
  title: null,
  people: [user(1)],
  connectedAt: NOW - 185_000,
  devices: [{ deviceId: 'laptop', name: 'Linux PC (Chrome)', kind: 'desktop', mediaState: MEDIA }],
  ...change,
});
const DIRECT = ownCall('10000000-0000-4000-8000-0000000000ca');
const GROUP = ownCall('10000000-0000-8000-8000-0000000000ca', {
  peer: user(2),
  people: [user(2), user(3), user(4)],
  devices: [{ deviceId: 'phone', name: 'Ana’s phone', kind: 'phone', mediaState: MEDIA }],
});
const inCall = (change: Partial<Model>): Model => ({
  ...home,
  calls: [
    call(
      1,
      { name: 'connected', connectedAt: NOW - 185_000 },
      {
        remote: {
          stream: personStream(1),
          voice: null,
          muted: false,
          camera: true,
          held: false,
          checking: false,
          paused: false,
          hidesPictures: false,
          volume: 1,
          deviceName: 'Laptop',
        },
      },
    ),
  ],
  ...change,
});

/** Calls that go from one device to another. */
export const MOVE_SCREENS: Readonly<Record<string, () => Model>> = {
  'move-here': () => ({ ...home, ownCalls: [DIRECT] }),
  'move-here-group': () => ({ ...home, ownCalls: [GROUP, DIRECT] }),
  'move-offered': () => ({ ...home, moveOffers: [{ token: 'one', from: user(0), call: DIRECT }] }),
  'move-passed': () => ({ ...home, moveOffers: [{ token: 'one', from: user(1), call: { ...GROUP } }] }),
  'move-choose': () => inCall({}),
  'move-ended': () => ({
    ...home,
    ownCalls: [DIRECT],
    calls: [call(1, { name: 'ended', reason: 'moved', durationMs: 185_000, by: 'Ana’s phone' })],
  }),
};
