import { describe, expect, it } from 'vitest';
import { BEN, REMOTE, createDeviceBench, snapshot } from './bench.ts';
import { GOING, GROUP_ID, bench, group, inGroup, settle, track, viewOf } from './groupBench.ts';

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
