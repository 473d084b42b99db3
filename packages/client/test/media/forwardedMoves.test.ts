import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeTrack, asStream, asTrack, published, settle } from './fakeSfu.ts';
import {
  adopted,
  ben,
  connected,
  namesOf,
  own,
  pass,
  remoteOf,
  started,
  statesOf,
} from './forwardedBench.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('MED4 when the media server is about to stop', () => {
  const anew = [
    published('microphone', { trackId: 'new microphone' }),
    published('camera', { trackId: 'new camera' }),
  ];
  /** Told to go, and connected to another one, where others publish `tracks` by now. */
  async function moved(tracks = anew) {
    const bench = await connected();
    for (const { trackId } of ben) bench.arrive(trackId);
    await settle();
    bench.publish(tracks);
    bench.media.handleNotice({ type: 'media_moving', callId: 'x', payload: {} });
    await settle();
    return { ...bench, former: bench.transports.slice(0, 2), next: bench.transports.slice(2) };
  }
  it('MED4 opens beside what there is, which plays until what comes anew has arrived, and goes 4 s later', async () => {
    const bench = await moved();
    expect(bench.of('open_media')).toHaveLength(2);
    expect(bench.of('publish_track').slice(2)).toHaveLength(2);
    expect(statesOf(bench.former)).toEqual(['connected', 'connected']);
    expect(bench.media.getState().flow).toBe('flowing');
    const { stream } = remoteOf(bench) ?? {};
    expect(namesOf(stream)).toEqual(['ben-microphone', 'ben-camera']);
    expect(remoteOf(bench)).toMatchObject({ hasVideo: true, hasAudio: true, isReady: false });
    for (const transport of bench.next) transport.become('connected');
    bench.arrive('new microphone');
    await pass(bench, 50);
    expect(namesOf(stream)).toEqual(['ben-camera', 'new microphone']);
    bench.arrive('new camera');
    await pass(bench, 50);
    expect(namesOf(stream)).toEqual(['new microphone', 'new camera']);
    expect(remoteOf(bench)).toMatchObject({ stream, hasVideo: true, hasAudio: true, isReady: true });
    await pass(bench, 3_900);
    expect(statesOf(bench.former)).toEqual(['connected', 'connected']);
    await pass(bench, 100);
    expect(statesOf(bench.former)).toEqual(['closed', 'closed']);
    expect(namesOf(stream)).toEqual(['new microphone', 'new camera']);
    expect(remoteOf(bench)).toMatchObject({ stream, hasVideo: true, hasAudio: true });
    expect(bench.media.getState().flow).toBe('flowing');
  });

  it('MED4 whoever has not come over yet is seen and heard over the former way, for 20 s', async () => {
    const bench = await moved([]);
    for (const transport of bench.next) transport.become('connected');
    await pass(bench, 19_000);
    expect(remoteOf(bench)).toMatchObject({ hasVideo: true, hasAudio: true });
    expect(namesOf(remoteOf(bench)?.stream)).toEqual(['ben-microphone', 'ben-camera']);
    await pass(bench, 1_000);
    expect(statesOf(bench.former)).toEqual(['closed', 'closed']);
    expect(remoteOf(bench)).toBeUndefined();
    bench.tell(anew);
    await settle();
    expect(namesOf(remoteOf(bench)?.stream)).toEqual(['new microphone', 'new camera']);
  });

  it('MED4 whoever has left the call is not waited for', async () => {
    const bench = await moved([]);
    for (const transport of bench.next) transport.become('connected');
    bench.media.setPlaces([], []);
    await pass(bench, 500);
    await pass(bench, 4_000);
    expect(statesOf(bench.former)).toEqual(['closed', 'closed']);
  });

  it('MED4 what is said of the new way before it is open does not touch the former one', async () => {
    const bench = await connected();
    for (const { trackId } of ben) bench.arrive(trackId);
    bench.media.handleNotice({ type: 'media_moving', callId: 'x', payload: {} });
    bench.tell(anew);
    expect([...bench.received.values()].map(({ readyState }) => readyState)).toEqual(['live', 'live']);
    await settle();
    expect(bench.types()).toContain('list_tracks');
    expect([...bench.received.values()].map(({ readyState }) => readyState)).toEqual(
      Array.from({ length: 4 }, () => 'live'),
    );
  });

  it('MED4 a refusal changes nothing, and it tries again', async () => {
    const bench = await connected();
    bench.refuse('MEDIA_UNAVAILABLE');
    bench.media.handleNotice({ type: 'media_moving', callId: 'x', payload: {} });
    await pass(bench, 2_000);
    expect(bench.media.getState().flow).toBe('flowing');
    expect(statesOf(bench.transports)).toEqual(['connected', 'connected']);
    bench.refuse(null);
    await pass(bench, 10_000);
    expect(bench.transports).toHaveLength(4);
    expect(bench.media.getState().flow).toBe('flowing');
  });

  it('MED4 MED5 when the former way dies first, media are lost until the new one is connected', async () => {
    const bench = await moved();
    bench.former[0]?.become('failed');
    await settle();
    expect(bench.media.getState().flow).toBe('lost');
    expect(statesOf(bench.former)).toEqual(['closed', 'closed']);
    for (const transport of bench.next) transport.become('connected');
    await settle();
    expect(bench.media.getState().flow).toBe('flowing');
    expect(bench.of('open_media')).toHaveLength(2);
  });

  it('MED4 GRP9 when the new one is lost as well everything begins anew', async () => {
    const bench = await moved();
    bench.media.handleNotice({ type: 'media_lost', callId: 'x', payload: {} });
    await settle();
    expect(statesOf(bench.transports).slice(0, 4)).toEqual(['closed', 'closed', 'closed', 'closed']);
    expect(bench.of('open_media')).toHaveLength(3);
  });

  it('CALL6 MED4 what is muted, or another camera, is so on both ways', async () => {
    const bench = await moved();
    const video = asTrack(new FakeTrack('video', 'other camera'));
    bench.media.setTracks({ ...own(), video });
    await settle();
    for (const transport of [bench.former[0], bench.next[0]])
      expect(transport?.log).toContain('replace camera track');
  });

  it('MED4 nothing stays open when the call ends meanwhile', async () => {
    const bench = await moved();
    bench.media.close();
    expect(new Set(statesOf(bench.transports))).toEqual(new Set(['closed']));
  });
});

describe('CALL3 from direct to forwarded', () => {
  it('CALL3 what comes directly plays on until what replaces it has arrived, and never both', async () => {
    const { stream, adopt } = adopted();
    const bench = await started({ adopt });
    const isReady = () => bench.media.getState().remotes.get('ben')?.isReady;
    expect(stream.names()).toEqual(['direct sound', 'direct picture']);
    expect(isReady()).toBe(false);
    bench.arrive('ben-microphone');
    bench.timers.advance(50);
    await settle();
    expect(stream.names()).toEqual(['direct picture', 'ben-microphone']);
    expect(isReady()).toBe(false);
    bench.arrive('ben-camera');
    bench.timers.advance(50);
    await settle();
    expect(stream.names()).toEqual(['ben-microphone', 'ben-camera']);
    expect(isReady()).toBe(true);
    expect(bench.media.getState().remotes.get('ben')?.stream).toBe(asStream(stream));
  });

  it('CALL3 silence is not waited for: a muted microphone takes over at once', async () => {
    const { stream, adopt } = adopted();
    await started({ adopt }, [published('microphone', { paused: true })]);
    expect(stream.names()).toEqual(['direct picture', 'ben-microphone']);
  });
});

describe('CALL4 one device takes the place of another', () => {
  const MOVE = [{ fromDeviceId: 'ben', toDeviceId: 'phone' }];
  const phone = ['microphone', 'camera'].map((source) => ({
    ...published(source === 'camera' ? 'camera' : 'microphone'),
    trackId: `phone-${source}`,
    deviceId: 'phone',
  }));
  async function moving() {
    const bench = await connected();
    const stream = (deviceId = 'ben') => bench.media.getState().remotes.get(deviceId)?.stream;
    const before = stream();
    bench.media.setPlaces(['ben', 'phone'], MOVE);
    bench.publish([...ben, ...phone]);
    bench.media.refresh();
    await settle();
    const look = async (): Promise<void> => {
      bench.timers.advance(50);
      await settle();
    };
    return { bench, stream, before, look };
  }

  it('CALL4 in the same stream, each track when it has arrived, and never both', async () => {
    const { bench, stream, before, look } = await moving();
    expect(stream('phone')).toBe(before);
    expect(namesOf(before)).toEqual(['ben-microphone', 'ben-camera']);
    expect(bench.media.getState().remotes.get('phone')?.isReady).toBe(false);
    bench.arrive('phone-microphone');
    await look();
    expect(namesOf(before)).toEqual(['ben-camera', 'phone-microphone']);
    bench.arrive('phone-camera');
    await look();
    expect(bench.media.getState().remotes.get('phone')?.isReady).toBe(true);
    bench.media.setPlaces(['phone'], []);
    bench.publish(phone);
    bench.media.refresh();
    await settle();
    expect(stream('phone')).toBe(before);
    expect(namesOf(before)).toEqual(['phone-microphone', 'phone-camera']);
  });

  it('CALL4 what arrives of the old device after what the new one sends changes nothing', async () => {
    const { stream: direct, adopt } = adopted();
    const bench = await started({ adopt });
    bench.media.setPlaces(['ben', 'phone'], MOVE);
    bench.publish([...ben, ...phone]);
    bench.media.refresh();
    await settle();
    for (const trackId of ['phone-microphone', 'ben-microphone', 'phone-camera', 'ben-camera']) {
      bench.arrive(trackId);
      bench.timers.advance(50);
      await settle();
    }
    expect(direct.names()).toEqual(['phone-microphone', 'phone-camera']);
    for (const device of ['ben', 'phone'])
      expect(bench.media.getState().remotes.get(device)?.isReady).toBe(true);
  });

  it('CALL4 when nothing comes of it, what was there before is back', async () => {
    const { bench, stream, before, look } = await moving();
    bench.arrive('phone-microphone');
    await look();
    bench.media.setPlaces(['ben'], []);
    bench.publish(ben);
    bench.media.refresh();
    await settle();
    expect(stream()).toBe(before);
    expect(new Set(namesOf(before))).toEqual(new Set(['ben-camera', 'ben-microphone']));
  });

  it('CALL4 a camera that does not come along is gone with the old device, and that one has a stream of its own when it is back', async () => {
    const { bench, stream, before, look } = await moving();
    const [sound] = phone;
    if (sound === undefined) throw new Error('no track');
    bench.publish([...ben, sound]);
    bench.media.refresh();
    await settle();
    bench.arrive('phone-microphone');
    await look();
    bench.media.setPlaces(['phone'], []);
    bench.publish([sound]);
    bench.media.refresh();
    await settle();
    expect(namesOf(before)).toEqual(['phone-microphone']);
    bench.media.setPlaces(['phone', 'ben'], []);
    bench.publish([sound, ...ben.map((track) => ({ ...track, trackId: `again-${track.trackId}` }))]);
    bench.media.refresh();
    await settle();
    expect(stream('ben')).not.toBe(before);
    expect(namesOf(before)).toEqual(['phone-microphone']);
  });
});
