import type { Device, DeviceView } from '@visavis/client';
import { NO_CALLS, stepDevice } from '@visavis/call';
import type { CallSnapshot, GroupView, OwnCall } from '@visavis/protocol';
import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createMoves } from '../src/app/moves.ts';
import { createNotices } from '../src/app/notices.ts';
import type { Model } from '../src/model/model.ts';

const person = (userId: string, name: string) => ({ userId, handle: userId, name, avatarUrl: null });
const [ANA, BEN, CARLA] = [person('ana', 'Ana Lima'), person('ben', 'Ben Ito'), person('carla', 'Carla Roy')];
const MEDIA = { muted: true, camera: false, screen: false, hand: false, held: false };
const CALL: OwnCall = {
  callId: 'call',
  callType: 'video',
  peer: BEN,
  title: null,
  people: [BEN],
  connectedAt: 1,
  devices: [{ deviceId: 'laptop', name: 'Laptop', kind: 'desktop', mediaState: MEDIA }],
};

function bench(
  offered: Awaited<ReturnType<Device['offerMove']>> = { ok: true, token: 'token', expiresAt: 1 },
) {
  const store = createStore<Model>(
    () =>
      ({
        account: { state: 'signed_in', me: { user: ANA, guest: false } },
        groupCalls: { state: 'ready' },
        ownCalls: [],
        moveOffers: [],
        askedMove: null,
        calls: [],
        notices: [],
      }) as unknown as Model,
  );
  const device = {
    moveHere: vi.fn(),
    dropMove: vi.fn(),
    dismiss: vi.fn(),
    offerMove: vi.fn(async () => offered),
  };
  const answers: (readonly OwnCall[])[] = [];
  const moves = createMoves({
    api: { ownCalls: async () => ({ ok: true, value: { calls: [...(answers.shift() ?? [])] } }) },
    device: () => device as unknown as Device,
    store,
    notices: createNotices(store),
  });
  return { store, device, moves, answers, kinds: () => store.getState().notices.map(({ kind }) => kind) };
}
const joined = (userId: string) => ({
  userId,
  deviceId: `${userId}-device`,
  deviceName: userId,
  mediaState: MEDIA,
});
const group = (ids: readonly string[], moving: GroupView['moves']): GroupView => ({
  title: null,
  savedGroupId: null,
  grewFrom: null,
  hostId: 'ben',
  locked: false,
  people: [ANA, BEN, CARLA].map((user) => ({ user, guest: false, status: 'joined' })),
  participants: ids.map(joined),
  ...(moving === undefined ? {} : { moves: moving }),
});
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
};

describe('moving calls', () => {
  it('CALL4 a call is taken as it is at that moment, and one that is gone is said to be', async () => {
    const { device, moves, answers, kinds } = bench();
    answers.push([CALL], []);
    moves.moveHere('call');
    await settle();
    expect(device.moveHere).toHaveBeenCalledWith(
      { callId: 'call', callType: 'video', peer: BEN, mediaState: MEDIA },
      null,
    );
    moves.moveHere('call');
    await settle();
    expect(device.moveHere).toHaveBeenCalledTimes(1);
    expect(kinds()).toEqual(['move_gone']);
  });

  it('CALL4 an offer is shown until it is dealt with here, or over elsewhere', () => {
    const { store, device, moves } = bench();
    const offer = (token: string, from: typeof ANA) =>
      moves.hear({ type: 'move_offered', payload: { token, expiresAt: 1, from, call: CALL } });
    for (const [token, from] of [
      ['one', ANA],
      ['two', BEN],
      ['three', ANA],
    ] as const)
      offer(token, from);
    moves.acceptMove('one');
    expect(device.moveHere).toHaveBeenLastCalledWith(expect.objectContaining({ mediaState: MEDIA }), 'one');
    // Somebody else's mute is not one's own.
    moves.acceptMove('two');
    expect(device.moveHere).toHaveBeenLastCalledWith(expect.objectContaining({ mediaState: null }), 'two');
    moves.hear({ type: 'move_over', payload: { token: 'three', outcome: 'withdrawn' } });
    expect(store.getState().moveOffers).toEqual([]);
    offer('four', ANA);
    moves.declineMove('four');
    expect(device.dropMove).toHaveBeenCalledWith('four');
    expect(store.getState().moveOffers).toEqual([]);
    moves.close();
  });

  it('CALL4 what was asked is waited for, declined, taken back, or could not be', async () => {
    const { store, device, moves } = bench();
    const asked = () => store.getState().askedMove;
    moves.offerMove('key', 'ana', 'phone', 'Phone');
    expect(asked()).toMatchObject({ state: 'asking', isDevice: true, name: 'Phone' });
    await settle();
    expect(asked()).toMatchObject({ state: 'waiting', token: 'token' });
    moves.hear({ type: 'move_over', payload: { token: 'token', outcome: 'declined' } });
    expect(asked()).toMatchObject({ state: 'declined' });
    moves.closeAskedMove();
    expect(device.dropMove).not.toHaveBeenCalled();
    moves.offerMove('key', 'ben', null, 'Ben');
    // Taken back before the server has answered.
    moves.closeAskedMove();
    await settle();
    expect(device.dropMove).toHaveBeenCalledWith('token');
    expect(asked()).toBeNull();
    moves.close();
    const gone = bench({ ok: false, code: 'DEVICE_OFFLINE' });
    gone.moves.offerMove('key', 'ana', 'phone', 'Phone');
    await settle();
    expect(gone.store.getState().askedMove).toMatchObject({ state: 'offline' });
  });

  it('CALL4 others read who passed the call to whom, and whoever it stays with that it stays', () => {
    const { moves, store, kinds } = bench();
    const follow = (of: GroupView, role: 'from' | null): void => {
      const call = {
        callId: 'group',
        callType: 'video',
        state: 'connected',
        direction: 'incoming',
        peer: BEN,
        createdAt: 0,
        ringDeadlineAt: 1,
        connectedAt: 1,
        progress: [],
        silent: false,
        joined: true,
        mediaState: MEDIA,
        remote: null,
        group: of,
      } satisfies CallSnapshot;
      const { state } = stepDevice(NO_CALLS, { type: 'registered', resumed: false, calls: [call] }, 0);
      const own = { move: role === null ? null : { role, deviceName: 'x', userId: 'ana' } };
      moves.follow({
        calls: state.calls.map((each) => ({ call: each, group: { own } })),
      } as unknown as DeviceView);
    };
    const passing = [{ fromDeviceId: 'ben-device', toDeviceId: 'carla-device' }];
    follow(group(['ana', 'ben'], undefined), null);
    follow(group(['ana', 'ben', 'carla'], passing), null);
    expect(kinds()).toEqual([]);
    follow(group(['ana', 'carla'], undefined), null);
    expect(store.getState().notices).toMatchObject([
      { kind: 'call_passed', detail: 'Ben passed the call to Carla.' },
    ]);
    follow(group(['ana', 'carla'], [{ fromDeviceId: 'ana-device', toDeviceId: 'phone' }]), 'from');
    follow(group(['ana', 'carla'], undefined), null);
    expect(kinds()).toEqual(['call_passed', 'move_stayed']);
  });
});
