import { toGroupCallId, type CallSnapshot, type GroupView } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { BEN, CALL, createDeviceBench, OWN_DEVICE, REMOTE, snapshot } from './bench.ts';

const GROUP_ID = toGroupCallId(CALL);
const group: GroupView = {
  title: null,
  savedGroupId: null,
  grewFrom: null,
  hostId: BEN.userId,
  locked: false,
  people: [{ user: BEN, guest: false, status: 'joined' }],
  participants: [REMOTE],
};
const GOING: CallSnapshot = snapshot({
  callId: GROUP_ID,
  state: 'connected',
  connectedAt: 1,
  group,
  mediaState: REMOTE.mediaState,
});
const DIRECT: CallSnapshot = snapshot({
  state: 'connected',
  connectedAt: 1,
  remote: REMOTE,
  mediaState: REMOTE.mediaState,
});
const GREW = {
  type: 'call_grew',
  callId: CALL,
  payload: { call: { ...GOING, group: { ...group, grewFrom: CALL } } },
} as const;
const track = (kind: string) => ({ kind, enabled: true }) as unknown as MediaStreamTrack;
const stream = { id: 'of Ben' } as unknown as MediaStream;
const ready = { stream, hasVideo: true, hasAudio: true, quality: null, isReady: true, isCutOff: false };

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
const bench = () => createDeviceBench();
const inGroup = () => {
  const made = bench();
  made.register([GOING]);
  made.shares[0]?.change({ opening: false, audio: track('audio'), video: track('video') });
  return made;
};
const confirms = ({ requests }: ReturnType<typeof bench>) =>
  requests.filter(({ request }) => request.type === 'confirm_move').length;
const remoteIs = (change: object) => new Map([[REMOTE.deviceId, { ...ready, ...change }]]);
const viewOf = ({ device }: ReturnType<typeof bench>) => device.getView().calls[0];

describe('group calls on a device', () => {
  it('GRP6 CALL6 remembers how somebody who waits wants to come in, and comes back like that', () => {
    const waits = snapshot({
      ...GOING,
      joined: false,
      mediaState: null,
      group: { ...group, participants: [] },
    });
    const before = bench();
    before.register([waits]);
    const [call] = before.device.getView().calls;
    before.device.setMuted(call?.call.key ?? '', true);
    before.device.setCamera(call?.call.key ?? '', false);
    const chosen = before.remembered();
    expect(chosen).toEqual({ callId: GROUP_ID, muted: true, camera: false });
    const after = createDeviceBench(chosen);
    after.register([waits]);
    expect(after.device.getView().calls[0]?.call).toMatchObject({
      phase: 'waiting',
      mediaState: { muted: true, camera: false },
    });
    expect(after.shares[0]?.want.video).toBe(false);
    after.device.hangUp(GROUP_ID);
    expect(after.remembered()).toBeNull();
  });

  it('GRP1 loads what a group call needs while it is started, and opens its media when it has a name', async () => {
    const made = bench();
    made.register();
    const key = made.device.startGroup([BEN], 'video', null);
    expect(made.lastRequest().request).toMatchObject({
      type: 'start_group',
      payload: { idempotencyKey: key, userIds: [BEN.userId] },
    });
    expect(made.prepared()).toBe(1);
    expect(made.medias).toHaveLength(0);
    await made.answer('start_group', { type: 'ok', id: '1', payload: { callId: GROUP_ID, call: GOING } });
    expect(made.forwardeds.map(({ options }) => options.callId)).toEqual([GROUP_ID]);
    expect(made.forwardeds[0]?.log).toContain('start');
  });

  it('GRP1 a full call is refused with its reason', async () => {
    const made = bench();
    made.register();
    made.device.joinGroup(GROUP_ID, 'audio', BEN);
    await made.answer('join_call', {
      type: 'error',
      id: '1',
      payload: { code: 'CALL_FULL', message: 'full' },
    });
    expect(viewOf(made)?.call).toMatchObject({ phase: 'ended', code: 'CALL_FULL' });
  });

  it('CALL2 says whether media flow, and gives up when they do', () => {
    const made = inGroup();
    made.forwardeds[0]?.change({ flow: 'flowing' });
    expect(made.lastRequest().request).toMatchObject({ type: 'report_media', payload: { flow: 'flowing' } });
    made.forwardeds[0]?.change({ flow: 'lost', gaveUp: true });
    expect(made.lastRequest().request).toMatchObject({
      type: 'end_call',
      payload: { reason: 'media_failed' },
    });
  });

  it('GRP2 media that flowed before anybody had joined count when somebody does', async () => {
    const made = bench();
    made.register();
    made.device.startGroup([BEN], 'video', null);
    const call = { ...GOING, state: 'ringing', connectedAt: null } as const;
    await made.answer('start_group', { type: 'ok', id: '1', payload: { callId: GROUP_ID, call } });
    made.forwardeds[0]?.change({ flow: 'flowing' });
    made.say({ type: 'group_changed', callId: GROUP_ID, payload: { call: GOING } });
    expect(viewOf(made)?.call).toMatchObject({ phase: 'joined', flow: 'flowing' });
  });

  it('GRP4 asks for the tracks again after every new socket, and hands notices to the media', () => {
    const made = inGroup();
    made.register([], true);
    expect(made.forwardeds[0]?.log).toContain('refresh');
    made.notice({ type: 'media_lost', callId: GROUP_ID, payload: {} });
    expect(made.forwardeds[0]?.log.at(-1)).toBe('media_lost');
  });

  it('GRP4 tiles shown before the media are open are not forgotten', async () => {
    const made = bench();
    made.register();
    const key = made.device.startGroup([BEN], 'video', null);
    made.device.showTiles(key, [
      { of: { deviceId: REMOTE.deviceId }, width: 1, height: 1, visible: true, large: false },
    ]);
    await made.answer('start_group', { type: 'ok', id: '1', payload: { callId: GROUP_ID, call: GOING } });
    expect(made.forwardeds[0]?.log).toContain('tiles 1');
  });

  it('GRP5 mutes itself when asked to, and says who asked', () => {
    const made = inGroup();
    made.say({ type: 'media_asked', callId: GROUP_ID, payload: { ask: 'mute', by: BEN.userId } });
    expect(made.shares[0]?.state.muted).toBe(true);
    expect(made.groupNotices).toEqual([{ type: 'muted_by_host', by: 'Ben' }]);
    made.say({ type: 'media_asked', callId: GROUP_ID, payload: { ask: 'mute', by: BEN.userId } });
    expect(made.groupNotices).toHaveLength(1);
  });

  it('GRP5 what only the host may do and was refused is said', async () => {
    const made = inGroup();
    made.device.lockCall(GROUP_ID, true);
    await made.answer('lock_call', { type: 'error', id: '1', payload: { code: 'FORBIDDEN', message: 'no' } });
    await settle();
    expect(made.groupNotices).toEqual([{ type: 'refused', request: 'lock_call', code: 'FORBIDDEN' }]);
  });

  it('CALL6 says who talks while muted', () => {
    const made = inGroup();
    made.forwardeds[0]?.change({ flow: 'flowing' });
    made.device.setMuted(GROUP_ID, true);
    made.shares[0]?.change({ heard: track('audio') });
    made.meter.level = 0.8;
    const talks = (): boolean[] =>
      Array.from({ length: 12 }, () => {
        made.timers.advance(120);
        return viewOf(made)?.local.hint === 'talks_muted';
      });
    expect(talks().at(-1)).toBe(true);
    made.device.setMuted(GROUP_ID, false);
    expect(viewOf(made)?.local.hint).toBeNull();
  });
});

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

describe('sharing a screen', () => {
  it('GRP4 publishes it, tells the others, and ends with the browser’s own bar', async () => {
    const made = inGroup();
    made.device.shareScreen(GROUP_ID);
    expect(viewOf(made)?.group?.sharing).toBe('starting');
    await settle();
    expect(viewOf(made)?.group).toMatchObject({ sharing: 'on', screen: { id: 'screen' } });
    expect(made.lastRequest().request).toMatchObject({ type: 'update_media', payload: { screen: true } });
    expect(made.forwardeds[0]?.log.at(-1)).toBe('tracks audio video screen');
    made.screens[0]?.end();
    expect(viewOf(made)?.group?.sharing).toBe('off');
    expect(made.lastRequest().request).toMatchObject({ type: 'update_media', payload: { screen: false } });
    expect(made.forwardeds[0]?.log.at(-1)).toBe('tracks audio video -');
  });

  it.each([
    ['cancelled', []],
    ['failed', [{ type: 'sharing_failed' }]],
  ] as const)('GRP4 a share that is %s leaves nothing behind', async (failure, notices) => {
    const made = inGroup();
    made.refuseScreens(failure);
    made.device.shareScreen(GROUP_ID);
    await settle();
    expect(viewOf(made)?.group?.sharing).toBe('off');
    expect(made.groupNotices).toEqual(notices);
  });

  it('GRP4 chosen after the call was over, it is closed again', async () => {
    const made = inGroup();
    made.device.shareScreen(GROUP_ID);
    made.device.hangUp(GROUP_ID);
    await settle();
    expect(made.screens.map(({ closed }) => closed)).toEqual([true]);
  });

  it('CALL3 in a call between two makes it go through the media server, or ends when that cannot be', async () => {
    const made = bench();
    made.register([DIRECT]);
    made.device.shareScreen(CALL);
    await settle();
    expect(made.types()).toContain('add_people');
    await made.answer('add_people', {
      type: 'error',
      id: '1',
      payload: { code: 'MEDIA_UNAVAILABLE', message: 'no' },
    });
    expect(made.screens.map(({ closed }) => closed)).toEqual([true]);
    expect(made.groupNotices).toEqual([
      { type: 'refused', request: 'add_people', code: 'MEDIA_UNAVAILABLE' },
    ]);
  });
});

const grown = () => {
  const made = bench();
  made.register([DIRECT]);
  made.medias[0]?.change({ flow: 'flowing', remoteStream: stream });
  made.say(GREW);
  return made;
};
const isDirectClosed = (made: ReturnType<typeof bench>) => made.medias[0]?.log.includes('close') ?? false;

describe('CALL3 from direct to forwarded media', () => {
  it('CALL3 the forwarded media take over the very stream that plays, and the direct ones go on', () => {
    const made = grown();
    expect(made.forwardeds[0]?.options.adopt?.get(REMOTE.deviceId)).toBe(stream);
    expect(made.forwardeds[0]?.log).toContain('start');
    expect(isDirectClosed(made)).toBe(false);
    expect(viewOf(made)?.call).toMatchObject({ key: CALL, flow: 'flowing' });
  });

  it('CALL3 the direct media are closed a while after the forwarded ones have arrived: the other may need them still', () => {
    const made = grown();
    made.forwardeds[0]?.change({ flow: 'flowing', remotes: new Map([[REMOTE.deviceId, ready]]) });
    made.timers.advance(3_999);
    expect(isDirectClosed(made)).toBe(false);
    made.timers.advance(1);
    expect(isDirectClosed(made)).toBe(true);
    expect(viewOf(made)?.call).toMatchObject({ flow: 'flowing' });
  });

  it('CALL3 where it took long to arrive, the direct media go on for longer: at the other device it may take as long', () => {
    const made = grown();
    made.timers.advance(5_000);
    made.forwardeds[0]?.change({ flow: 'flowing', remotes: new Map([[REMOTE.deviceId, ready]]) });
    made.timers.advance(9_999);
    expect(isDirectClosed(made)).toBe(false);
    made.timers.advance(1);
    expect(isDirectClosed(made)).toBe(true);
  });

  it('CALL3 what has not arrived is waited for', () => {
    const made = grown();
    const remotes = new Map([[REMOTE.deviceId, { ...ready, isReady: false }]]);
    made.forwardeds[0]?.change({ flow: 'flowing', remotes });
    made.timers.advance(10_000);
    expect(isDirectClosed(made)).toBe(false);
    made.timers.advance(10_000);
    expect(isDirectClosed(made)).toBe(true);
  });

  it('CALL3 forwarded media that do not flow break nothing', () => {
    const made = grown();
    made.timers.advance(30_000);
    expect(isDirectClosed(made)).toBe(false);
    expect(viewOf(made)?.call).toMatchObject({ flow: 'flowing' });
  });

  it('CALL3 nobody waits for whoever has left', () => {
    const made = grown();
    made.forwardeds[0]?.change({ flow: 'flowing' });
    const call = { ...GOING, group: { ...group, grewFrom: CALL, participants: [] } };
    made.say({ type: 'group_changed', callId: GROUP_ID, payload: { call } });
    expect(isDirectClosed(made)).toBe(true);
  });

  it('CALL3 one microphone and one camera serve both', () => {
    const made = grown();
    expect(made.shares).toHaveLength(1);
    made.shares[0]?.change({ opening: false, audio: track('audio'), video: track('video') });
    expect(made.medias[0]?.log.at(-1)).toBe('tracks audio video');
    expect(made.forwardeds[0]?.log.at(-1)).toBe('tracks audio video -');
  });

  it('leaves nothing open when it is closed on the way', () => {
    const made = grown();
    made.device.close();
    expect(made.forwardeds[0]?.log.at(-1)).toBe('close');
    expect(isDirectClosed(made)).toBe(true);
    expect(made.timers.waiting).toBe(0);
  });
});
