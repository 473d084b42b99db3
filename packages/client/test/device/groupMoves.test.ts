import type { CallSnapshot, GroupView } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { BEN, CALL, OWN_DEVICE, REMOTE } from './bench.ts';
import { GOING, GROUP_ID, bench, confirms, group, inGroup, ready, remoteIs, viewOf } from './groupBench.ts';

describe('a call that moves', () => {
  const ANA = { userId: '00000000-0000-4000-8000-0000000000aa', handle: 'ana', name: 'Ana', avatarUrl: null };
  const media = { muted: true, camera: false, screen: false, hand: false, held: false };
  const own = (deviceId: string, deviceName: string, muted = true) => ({
    userId: ANA.userId,
    deviceId,
    deviceName,
    mediaState: { ...media, muted },
  });
  const LAPTOP = '00000000-0000-4000-8000-00000000001a';
  const withOwn = (participants: GroupView['participants'], moves?: GroupView['moves']): CallSnapshot => ({
    ...GOING,
    mediaState: media,
    group: {
      ...group,
      people: [...group.people, { user: ANA, guest: false, status: 'joined' }],
      participants,
      ...(moves === undefined ? {} : { moves }),
    },
  });
  const MOVE = [{ fromDeviceId: LAPTOP, toDeviceId: OWN_DEVICE }];
  const MOVING = withOwn([REMOTE, own(LAPTOP, 'Laptop'), own(OWN_DEVICE, 'Phone')], MOVE);

  async function takeOver() {
    const made = bench();
    made.register();
    const key = made.device.moveHere(
      { callId: CALL, callType: 'video', peer: BEN, mediaState: { ...media, camera: true } },
      null,
    );
    expect(made.lastRequest().request).toMatchObject({
      type: 'move_call',
      callId: CALL,
      payload: { token: null },
    });
    await made.answer('move_call', { type: 'ok', id: '1', payload: { callId: GROUP_ID, call: MOVING } });
    return { made, key };
  }

  it('CALL4 takes over what the other device sends, and turns nothing on that was off there or here', async () => {
    const { made } = await takeOver();
    expect(viewOf(made)?.call).toMatchObject({
      phase: 'joined',
      callId: GROUP_ID,
      mediaState: { muted: true, camera: false },
    });
    expect(made.shares[0]?.state.muted).toBe(true);
  });

  it('CALL4 says once that it has its media: connected, with keys, and the others are to be heard', async () => {
    const { made } = await takeOver();
    expect(viewOf(made)?.group?.own).toMatchObject({
      isSilent: true,
      move: { role: 'to', deviceName: 'Laptop' },
    });
    made.forwardeds[0]?.change({ flow: 'flowing', remotes: remoteIs({ hasAudio: false }) });
    expect(confirms(made)).toBe(0);
    made.forwardeds[0]?.change({ remotes: remoteIs({}) });
    expect(confirms(made)).toBe(0);
    made.seals.at(-1)?.change({ phase: 'sealed' });
    expect(confirms(made)).toBe(1);
    made.forwardeds[0]?.change({ remotes: remoteIs({}) });
    expect(confirms(made)).toBe(1);
    const moved = withOwn([REMOTE, own(OWN_DEVICE, 'Phone')]);
    made.say({ type: 'group_changed', callId: GROUP_ID, payload: { call: moved } });
    expect(viewOf(made)?.group?.own).toEqual({ isSilent: false, move: null, others: [] });
  });

  it('CALL4 where nobody is to be heard it does not say so, however long', async () => {
    const { made } = await takeOver();
    made.seals.at(-1)?.change({ phase: 'sealed' });
    made.forwardeds[0]?.change({ flow: 'flowing', remotes: remoteIs({ hasAudio: false }) });
    made.timers.advance(10_000);
    expect(confirms(made)).toBe(0);
  });

  it('CALL4 tells the media of others whose place is taken, and says when what takes it has arrived', () => {
    const made = inGroup();
    const phone = { ...REMOTE, deviceId: LAPTOP, deviceName: 'Phone' };
    const moves = [{ fromDeviceId: REMOTE.deviceId, toDeviceId: LAPTOP }];
    const call = withOwn([REMOTE, phone, own(OWN_DEVICE, 'Mine')], moves);
    made.say({ type: 'group_changed', callId: GROUP_ID, payload: { call } });
    expect(made.forwardeds[0]?.log).toContain(`places ${LAPTOP}`);
    made.forwardeds[0]?.change({
      flow: 'flowing',
      remotes: new Map([[LAPTOP, { ...ready, isReady: false }]]),
    });
    expect(confirms(made)).toBe(0);
    made.forwardeds[0]?.change({ remotes: new Map([[LAPTOP, ready]]) });
    expect(confirms(made)).toBe(1);
  });

  it('CALL4 refused, it is over here and says why', async () => {
    const made = bench();
    made.register();
    made.device.moveHere({ callId: CALL, callType: 'video', peer: BEN, mediaState: null }, null);
    await made.answer('move_call', {
      type: 'error',
      id: '1',
      payload: { code: 'ALREADY_MOVING', message: 'moving' },
    });
    expect(viewOf(made)?.call).toMatchObject({ phase: 'ended', code: 'ALREADY_MOVING' });
  });

  it('CALL5 of two devices of one person one has an open microphone and plays: whichever opened it last', () => {
    const made = bench();
    const here = own(OWN_DEVICE, 'Phone', false);
    made.register([{ ...withOwn([REMOTE, here]), mediaState: { ...media, muted: false } }]);
    const say = (mine: boolean, theirs: boolean) =>
      made.say({
        type: 'group_changed',
        callId: GROUP_ID,
        payload: {
          call: withOwn([
            REMOTE,
            { ...here, mediaState: { ...media, muted: mine } },
            own(LAPTOP, 'Laptop', theirs),
          ]),
        },
      });
    say(false, true);
    expect(viewOf(made)?.group?.own).toMatchObject({ isSilent: false, others: ['Laptop'] });
    say(false, false);
    expect(viewOf(made)?.call.mediaState.muted).toBe(true);
    expect(made.groupNotices).toEqual([{ type: 'muted_for_other', deviceName: 'Laptop' }]);
    say(true, false);
    expect(viewOf(made)?.group?.own.isSilent).toBe(true);
    // Muted there, it is still the one that plays.
    say(true, true);
    expect(viewOf(made)?.group?.own.isSilent).toBe(true);
    made.device.setMuted(GROUP_ID, false);
    say(false, true);
    expect(viewOf(made)?.group?.own.isSilent).toBe(false);
    expect(made.groupNotices).toHaveLength(1);
  });
});
