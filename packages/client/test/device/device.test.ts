import { describe, expect, it } from 'vitest';
import { BEN, CALL, createDeviceBench, REMOTE, snapshot } from './bench.ts';

const ring = () =>
  ({
    type: 'ring',
    callId: CALL,
    payload: { call: snapshot({ direction: 'incoming', joined: false }) },
  }) as const;

const track = (kind: string) => ({ kind }) as unknown as MediaStreamTrack;

describe('a device', () => {
  it('RING1 dials with the call’s key, opens camera and microphone at once and offers when the call has a name', async () => {
    const bench = createDeviceBench();
    bench.register();
    const key = bench.device.dial(BEN, 'video');
    expect(bench.lastRequest().request).toMatchObject({
      type: 'initiate_call',
      payload: { idempotencyKey: key, calleeId: BEN.userId },
    });
    expect(bench.shares.map(({ want }) => want)).toEqual([{ audio: true, video: true }]);
    expect(bench.medias[0]?.log).not.toContain('offer');
    await bench.answer('initiate_call', {
      type: 'ok',
      id: '1',
      payload: { callId: CALL, call: snapshot({}) },
    });
    expect(bench.medias[0]?.log.filter((line) => !line.startsWith('tracks'))).toEqual(['prepare', 'offer']);
    expect(bench.phases()).toEqual(['calling']);
  });

  it('NEG3 prepares for a call that rings, opens no camera, and handles no signal before the server has confirmed the answer', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.say(ring());
    expect(bench.shares).toHaveLength(0);
    expect(bench.medias.map(({ log }) => log)).toEqual([['prepare']]);
    const payload = { connectionId: CALL, sdp: 'v=0' };
    bench.say({ type: 'offer', callId: CALL, payload });
    bench.device.answer(CALL, 'video', 'hold');
    bench.say({ type: 'offer', callId: CALL, payload });
    expect(bench.medias[0]?.log.some((line) => line.startsWith('signal'))).toBe(false);
    const call = snapshot({ direction: 'incoming', state: 'connected', connectedAt: 1, remote: REMOTE });
    const signals = [{ type: 'offer', payload }] as const;
    await bench.answer('answer_call', { type: 'ok', id: '1', payload: { call, signals: [...signals] } });
    expect(bench.medias[0]?.log.filter((line) => !line.startsWith('tracks'))).toEqual([
      'prepare',
      'accept',
      'signal offer',
      'signal offer',
    ]);
  });

  it('NEG1 says that a call is being set up until its first picture had its time to come', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.say(ring());
    expect(bench.device.getView().settingUpSinceAt).toBeNull();
    bench.device.answer(CALL, 'video', 'hold');
    expect(bench.device.getView().settingUpSinceAt).toBe(bench.timers.now());
    const call = snapshot({ direction: 'incoming', state: 'connected', connectedAt: 1, remote: REMOTE });
    await bench.answer('answer_call', { type: 'ok', id: '1', payload: { call, signals: [] } });
    expect(bench.device.getView().settingUpSinceAt).not.toBeNull();
    bench.medias[0]?.change({ flow: 'flowing' });
    bench.timers.advance(1_000);
    expect(bench.device.getView().settingUpSinceAt).not.toBeNull();
    bench.seals[0]?.change({ phase: 'sealed' });
    bench.timers.advance(399);
    expect(bench.device.getView().settingUpSinceAt).not.toBeNull();
    bench.timers.advance(1);
    expect(bench.device.getView().settingUpSinceAt).toBeNull();
  });

  it('NEG1 a call is set up as soon as its first picture is drawn', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.say(ring());
    bench.device.seePicture(CALL);
    bench.device.answer(CALL, 'video', 'hold');
    expect(bench.device.getView().settingUpSinceAt).not.toBeNull();
    bench.device.seePicture(CALL);
    expect(bench.device.getView().settingUpSinceAt).toBeNull();
  });

  it('KEY1 frames pass as long as the keys are there, and nothing is encoded or looked for meanwhile', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.say(ring());
    const opened = (): readonly string[] =>
      bench.medias[0]?.log.filter((line) => line === 'open' || line === 'closed') ?? [];
    bench.device.answer(CALL, 'video', 'hold');
    expect(opened()).toEqual([]);
    bench.seals[0]?.change({ phase: 'sealed' });
    bench.seals[0]?.change({ phase: 'held' });
    bench.seals[0]?.change({ phase: 'sealed' });
    expect(opened()).toEqual(['open', 'closed', 'open']);
  });

  it('NEG1 the caller is being set up as long', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.device.dial(BEN, 'video');
    await bench.answer('initiate_call', {
      type: 'ok',
      id: '1',
      payload: { callId: CALL, call: snapshot({}) },
    });
    expect(bench.device.getView().settingUpSinceAt).toBeNull();
    bench.say({ type: 'call_answered', callId: CALL, payload: { connectedAt: 1, remote: REMOTE } });
    bench.timers.advance(1_000);
    expect(bench.device.getView().settingUpSinceAt).not.toBeNull();
    bench.medias[0]?.change({ flow: 'flowing' });
    bench.seals[0]?.change({ phase: 'sealed' });
    bench.timers.advance(400);
    expect(bench.device.getView().settingUpSinceAt).toBeNull();
  });

  it('NEG1 a call that ends while it is being set up is not set up any more', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.say(ring());
    bench.device.answer(CALL, 'video', 'hold');
    bench.device.hangUp(CALL);
    expect(bench.device.getView().settingUpSinceAt).toBeNull();
  });

  it('NEG1 no level meter is made before something has arrived and somebody looks, and none outlives its microphone', async () => {
    const bench = createDeviceBench();
    bench.meter.level = 0.5;
    bench.register();
    bench.say(ring());
    bench.device.answer(CALL, 'video', 'hold');
    const call = snapshot({ direction: 'incoming', state: 'connected', connectedAt: 1, remote: REMOTE });
    await bench.answer('answer_call', { type: 'ok', id: '1', payload: { call, signals: [] } });
    bench.shares[0]?.change({ heard: track('audio'), opening: false });
    bench.medias[0]?.change({ flow: 'flowing' });
    expect(bench.device.getLevels(CALL).local).toBe(0);
    // Nobody has to send anything.
    bench.timers.advance(2_999);
    expect(bench.device.getLevels(CALL).local).toBe(0);
    bench.timers.advance(1);
    expect(bench.meters).toEqual([]);
    expect(bench.device.getLevels(CALL).local).toBe(0.5);
    const other = track('audio');
    bench.shares[0]?.change({ heard: other });
    expect(bench.meters.map(({ closed }) => closed)).toEqual([true]);
    bench.device.getLevels(CALL);
    bench.device.getLevels(CALL);
    expect(bench.meters.slice(1)).toEqual([{ track: other, closed: false }]);
    bench.device.hangUp(CALL);
    expect(bench.meters.every(({ closed }) => closed)).toBe(true);
  });

  it('RING4 puts everything away when another device was first', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.say(ring());
    bench.device.answer(CALL, 'video', 'hold');
    await bench.answer('answer_call', {
      type: 'error',
      id: '1',
      payload: { code: 'CALL_UNAVAILABLE', message: 'too late' },
    });
    expect(bench.phases()).toEqual([]);
    expect(bench.shares.map(({ closed }) => closed)).toEqual([true]);
    expect(bench.medias[0]?.log).toContain('close');
    expect(bench.isBusy()).toBe(false);
  });

  it('CALL2 reports whether media flows, and gives up when the media does', async () => {
    const bench = createDeviceBench();
    const call = snapshot({ state: 'connected', connectedAt: 1, remote: REMOTE });
    bench.register([call]);
    expect(bench.medias[0]?.log).toContain('offer');
    bench.medias[0]?.change({ flow: 'flowing' });
    expect(bench.lastRequest().request).toMatchObject({ type: 'report_media', payload: { flow: 'flowing' } });
    bench.medias[0]?.change({ flow: 'lost', gaveUp: true });
    expect(bench.lastRequest().request).toMatchObject({
      type: 'end_call',
      payload: { reason: 'media_failed' },
    });
    expect(bench.phases()).toEqual(['ended']);
  });

  it('CALL2 asks how a call ended that ended while this device was away', async () => {
    const bench = createDeviceBench();
    bench.register([snapshot({ state: 'connected', connectedAt: 1, remote: REMOTE })]);
    bench.register([]);
    const end = () => bench.device.getView().calls[0]?.call;
    expect(end()).toMatchObject({ phase: 'ended', reason: 'connection_lost' });
    await Promise.resolve();
    await Promise.resolve();
    expect(end()).toMatchObject({ phase: 'ended', reason: 'hangup', durationMs: 5_000 });
  });

  it('CALL6 a camera that cannot be opened is off for the others too, and why stays to be read', () => {
    const bench = createDeviceBench();
    bench.register([snapshot({ state: 'connected', connectedAt: 1, remote: REMOTE })]);
    bench.shares[0]?.change({ opening: false, audio: track('audio'), video: null, problem: 'camera_denied' });
    expect(bench.lastRequest().request).toMatchObject({
      type: 'update_media',
      payload: { camera: false, muted: false },
    });
    const view = bench.device.getView().calls[0];
    expect(view?.local.problem).toBe('camera_denied');
    expect(view?.call.mediaState.camera).toBe(false);
    bench.device.setCamera(CALL, true);
    expect(bench.shares[0]?.state.camera).toBe(true);
    bench.shares[0]?.change({ video: track('video'), problem: null });
    expect(bench.device.getView().calls[0]?.local.problem).toBeNull();
  });

  it('CALL6 a call on hold sends nothing, and the camera goes off', () => {
    const bench = createDeviceBench();
    bench.register([snapshot({ state: 'connected', connectedAt: 1, remote: REMOTE })]);
    bench.shares[0]?.change({ opening: false, audio: track('audio'), video: track('video') });
    expect(bench.medias[0]?.log.at(-1)).toBe('tracks audio video');
    bench.device.hold(CALL);
    expect(bench.medias[0]?.log.at(-1)).toBe('tracks - -');
    expect(bench.shares[0]?.state).toMatchObject({ camera: false, muted: true });
    bench.device.resume(CALL);
    expect(bench.medias[0]?.log.at(-1)).toBe('tracks audio video');
    expect(bench.shares[0]?.state).toMatchObject({ camera: true, muted: false });
  });

  it('RING5 stops ringing by itself when the server is not heard of any more', () => {
    const bench = createDeviceBench();
    bench.register();
    bench.say(ring());
    bench.timers.advance(49_999);
    expect(bench.phases()).toEqual(['incoming']);
    bench.timers.advance(1);
    expect(bench.phases()).toEqual([]);
  });

  it('leaves nothing open when it is closed', () => {
    const bench = createDeviceBench();
    bench.register([snapshot({ state: 'connected', connectedAt: 1, remote: REMOTE })]);
    bench.device.close();
    expect(bench.shares.every(({ closed }) => closed)).toBe(true);
    expect(bench.medias.every(({ log }) => log.at(-1) === 'close')).toBe(true);
    expect(bench.timers.waiting).toBe(0);
  });
});
