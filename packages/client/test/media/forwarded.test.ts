import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_QUALITY, WHOLE_LIMITS } from '../../src/quality/index.ts';
import { mergeReports } from '../../src/media/forwarded/mergeReports.ts';
import {
  asStream,
  asTrack,
  createSfuBench,
  FakeStream,
  FakeTrack,
  NO_TRACKS,
  published,
  settle,
} from './fakeSfu.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const own = () => ({
  ...NO_TRACKS,
  audio: asTrack(new FakeTrack('audio', 'microphone')),
  video: asTrack(new FakeTrack('video', 'camera')),
});
const namesOf = (stream: MediaStream | undefined): string[] =>
  stream === undefined ? [] : (stream as unknown as FakeStream).names();
const adopted = () => {
  const stream = new FakeStream([
    new FakeTrack('audio', 'direct sound'),
    new FakeTrack('video', 'direct picture'),
  ]);
  return { stream, adopt: new Map([['ben', asStream(stream)]]) };
};
const report = (bytes: number) =>
  new Map([
    ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P', bytesSent: bytes }],
    ['P', { id: 'P', type: 'candidate-pair' }],
  ]) as unknown as RTCStatsReport;
const ben = [published('microphone'), published('camera')];
const tileOf = (deviceId: string) => ({
  of: { deviceId },
  width: 320,
  height: 180,
  visible: true,
  large: false,
});

async function started(options: Parameters<typeof createSfuBench>[0] = {}, tracks = ben) {
  const bench = createSfuBench({ local: own(), ...options });
  bench.publish(tracks);
  bench.media.start();
  await settle();
  return bench;
}
async function connected() {
  const bench = await started();
  for (const transport of bench.transports) transport.become('connected');
  await settle();
  return bench;
}

describe('GRP4 joining', () => {
  it('GRP4 opens with one request, and sends everything else without waiting for anything of it', async () => {
    const { types, of, media } = await started();
    expect(types()[0]).toBe('open_media');
    expect(types().indexOf('receive_tracks')).toBeLessThan(types().indexOf('prefer_tracks'));
    expect(types()).toEqual(expect.arrayContaining(['connect_media', 'publish_track', 'receive_tracks']));
    expect(of('publish_track').map(({ payload }) => payload.source)).toEqual(['microphone', 'camera']);
    expect(of('receive_tracks')[0]?.payload.trackIds).toEqual(['ben-microphone', 'ben-camera']);
    expect(media.getState().flow).toBe('connecting');
  });

  it('GRP4 flows when both ways are connected', async () => {
    const bench = await started();
    bench.newest('send').become('connected');
    await settle();
    expect(bench.media.getState().flow).toBe('connecting');
    bench.newest('receive').become('connected');
    await settle();
    expect(bench.media.getState()).toMatchObject({ flow: 'flowing', path: 'forwarded', gaveUp: false });
  });

  it('GRP4 alone and without camera and microphone nothing is missing', async () => {
    const bench = createSfuBench();
    bench.media.start();
    await settle();
    expect(bench.media.getState().flow).toBe('flowing');
  });

  it('GRP4 shows one stream for a person, and says when a picture comes', async () => {
    const bench = await connected();
    const remote = () => bench.media.getState().remotes.get('ben');
    expect(namesOf(remote()?.stream)).toEqual(['ben-microphone', 'ben-camera']);
    expect(remote()).toMatchObject({ hasVideo: false, hasAudio: false });
    bench.arrive('ben-camera');
    await settle();
    expect(remote()).toMatchObject({ hasVideo: true, hasAudio: false });
    bench.tell([published('microphone'), published('camera', { paused: true })]);
    await settle();
    expect(remote()).toMatchObject({ hasVideo: false });
  });

  it('GRP4 a screen is a picture of its own, with its sound', async () => {
    const bench = await connected();
    bench.tell([...ben, published('screen'), published('screen_sound')]);
    bench.media.showTiles([tileOf('ben'), { ...tileOf('ben'), of: { trackId: 'ben-screen' } }]);
    bench.timers.advance(60);
    await settle();
    const [screen] = bench.media.getState().screens;
    expect(screen).toMatchObject({ trackId: 'ben-screen', deviceId: 'ben' });
    expect(new Set(namesOf(screen?.stream))).toEqual(new Set(['ben-screen', 'ben-screen_sound']));
    bench.tell(ben);
    await settle();
    expect(bench.media.getState().screens).toEqual([]);
  });
});

describe('GRP4 who gets what', () => {
  it('GRP4 sound of all comes at once, a picture when it is first shown', async () => {
    const bench = await connected();
    bench.media.showTiles([tileOf('ben')]);
    bench.timers.advance(60);
    const cleo = { deviceId: 'cleo' };
    bench.tell([
      ...ben,
      published('microphone', { ...cleo, trackId: 'cleo-microphone' }),
      published('camera', { ...cleo, trackId: 'cleo-camera' }),
    ]);
    await settle();
    expect(bench.of('receive_tracks').at(-1)?.payload.trackIds).toEqual(['cleo-microphone']);
    bench.media.showTiles([tileOf('ben'), tileOf('cleo')]);
    bench.timers.advance(60);
    await settle();
    expect(bench.of('receive_tracks').at(-1)?.payload.trackIds).toEqual(['cleo-camera']);
  });

  it('GRP4 a hidden tile pauses, and what has not changed is not said again', async () => {
    const bench = await connected();
    bench.media.showTiles([tileOf('ben')]);
    bench.timers.advance(60);
    await settle();
    const before = bench.of('prefer_tracks').length;
    bench.media.showTiles([tileOf('ben')]);
    bench.timers.advance(60);
    expect(bench.of('prefer_tracks')).toHaveLength(before);
    bench.media.showTiles([{ ...tileOf('ben'), visible: false }]);
    bench.timers.advance(60);
    expect(bench.of('prefer_tracks').at(-1)?.payload.wishes).toMatchObject([
      { trackId: 'ben-camera', paused: true },
    ]);
  });

  it('GRP4 says how much of a picture gets through', async () => {
    const bench = await connected();
    bench.media.showTiles([{ ...tileOf('ben'), width: 1_280, height: 720, large: true }]);
    bench.timers.advance(60);
    const layer = async (spatialLayer: number | null) => {
      bench.media.handleNotice({
        type: 'media_layers',
        callId: 'x',
        payload: { trackId: 'ben-camera', spatialLayer },
      });
      await settle();
      return bench.media.getState().remotes.get('ben')?.quality;
    };
    expect([await layer(2), await layer(1), await layer(0), await layer(null)]).toEqual([
      'good',
      'fair',
      'poor',
      'poor',
    ]);
  });

  it('GRP4 layers that nobody watches are not encoded, after a while', async () => {
    const bench = await connected();
    const payload = { trackId: 'own-camera', maxSpatialLayer: 0 };
    bench.media.handleNotice({ type: 'media_demand', callId: 'x', payload });
    await settle();
    expect(bench.newest('send').log.filter((line) => line.startsWith('layers'))).toEqual([]);
    bench.timers.advance(3_000);
    await settle();
    bench.media.handleNotice({
      type: 'media_demand',
      callId: 'x',
      payload: { trackId: 'own-camera', maxSpatialLayer: 2 },
    });
    await settle();
    expect(bench.newest('send').log.filter((line) => line.startsWith('layers'))).toEqual([
      'layers 1',
      'layers 3',
    ]);
  });

  it('a voice has fewer bits where data are saved, and what it had again', async () => {
    const bench = await connected();
    const voice = () => bench.newest('send').log.filter((line) => line.startsWith('bitrate'));
    const wishes = { ...DEFAULT_QUALITY, pictures: null };
    bench.media.setQuality(wishes, WHOLE_LIMITS, null);
    await settle();
    expect(voice()).toEqual([]);
    bench.media.setQuality({ ...wishes, lowData: true }, { ...WHOLE_LIMITS, audioBitrate: 24_000 }, null);
    bench.media.setQuality(wishes, WHOLE_LIMITS, null);
    await settle();
    expect(voice()).toEqual(['bitrate microphone 24000', 'bitrate microphone 32000']);
  });

  it('GRP8 the speaker stays until somebody else speaks', async () => {
    const bench = await connected();
    for (const deviceId of ['ben', null]) {
      bench.media.handleNotice({ type: 'media_speaker', callId: 'x', payload: { deviceId } });
    }
    await settle();
    expect(bench.media.getState().speakerDeviceId).toBe('ben');
  });
});

describe('CALL6 what this device sends', () => {
  it('CALL6 muting pauses the track, and unmuting publishes nothing anew', async () => {
    const local = own();
    const bench = await started({ local });
    local.audio.enabled = false;
    bench.media.setTracks(local);
    await settle();
    local.audio.enabled = true;
    bench.media.setTracks(local);
    await settle();
    expect(bench.of('pause_track').map(({ payload }) => payload)).toEqual([
      { trackId: 'own-microphone', paused: true },
      { trackId: 'own-microphone', paused: false },
    ]);
    expect(bench.of('publish_track')).toHaveLength(2);
  });

  it('CALL6 a camera that goes off and on again keeps its track; another device takes its place', async () => {
    const local = own();
    const bench = await started({ local });
    bench.media.setTracks({ ...local, video: null });
    await settle();
    bench.media.setTracks({ ...local, video: asTrack(new FakeTrack('video', 'other')) });
    await settle();
    expect(bench.newest('send').log).toEqual([
      'produce microphone',
      'produce camera',
      'replace camera nothing',
      'replace camera track',
    ]);
    expect(bench.of('pause_track').map(({ payload }) => payload.paused)).toEqual([true, false]);
  });

  it('CALL6 a screen that is shared no more is unpublished', async () => {
    const local = own();
    const bench = await started({ local });
    bench.media.setTracks({ ...local, screen: asTrack(new FakeTrack('video', 'screen')) });
    await settle();
    bench.media.setTracks(local);
    await settle();
    expect(bench.of('unpublish_track').map(({ payload }) => payload.trackId)).toEqual(['own-screen']);
    expect(bench.newest('send').log.at(-1)).toBe('close screen');
  });

  it('CALL6 muted when it joins, it is published as paused', async () => {
    const local = own();
    local.audio.enabled = false;
    const bench = await started({ local });
    expect(bench.of('publish_track')[0]?.payload).toMatchObject({ source: 'microphone', paused: true });
  });
});

describe('NEG4 GRP9 when the way is lost', () => {
  it('NEG4 restarts ICE 2 s after it was cut, and at once when the network changes', async () => {
    const bench = await connected();
    bench.newest('send').become('disconnected');
    await settle();
    expect(bench.media.getState().flow).toBe('lost');
    bench.timers.advance(2_000);
    await settle();
    expect(bench.of('restart_media')).toHaveLength(2);
    expect(bench.newest('receive').log).toContain('restart');
    bench.changeNetwork();
    expect(bench.of('restart_media')).toHaveLength(4);
  });

  it('NEG4 opens anew what a restart does not mend, and what comes over it takes its place', async () => {
    const bench = await connected();
    bench.newest('send').become('failed');
    bench.timers.advance(5_000);
    await settle();
    bench.timers.advance(5_000);
    await settle();
    expect(bench.of('open_media').length).toBeGreaterThan(1);
    for (const transport of bench.transports.slice(-2)) transport.become('connected');
    await settle();
    expect(bench.media.getState().flow).toBe('flowing');
  });

  it('NEG4 gives up after 60 s', async () => {
    const bench = await connected();
    bench.newest('send').become('failed');
    for (let second = 0; second < 62; second += 1) {
      bench.timers.advance(1_000);
      await settle();
    }
    expect(bench.media.getState().gaveUp).toBe(true);
  });

  it('GRP9 opens anew when the media server is gone, and publishes and receives again', async () => {
    const bench = await connected();
    bench.media.handleNotice({ type: 'media_lost', callId: 'x', payload: {} });
    await settle();
    expect(bench.of('open_media')).toHaveLength(2);
    expect(bench.of('publish_track')).toHaveLength(4);
    expect(bench.transports.slice(0, 2).every(({ state }) => state === 'closed')).toBe(true);
    for (const transport of bench.transports.slice(-2)) transport.become('connected');
    await settle();
    expect(bench.media.getState().flow).toBe('flowing');
  });

  it('GRP9 the call goes on while there is no media server, and media come when there is one again', async () => {
    const bench = createSfuBench({ local: own() });
    bench.refuse('MEDIA_UNAVAILABLE');
    bench.media.start();
    for (let second = 0; second < 120; second += 1) {
      bench.timers.advance(1_000);
      await settle();
    }
    expect(bench.media.getState().gaveUp).toBe(false);
    bench.refuse(null);
    bench.timers.advance(60_000);
    await settle();
    expect(bench.transports).toHaveLength(2);
  });

  it('SES2 asks again what the others publish after every new socket', async () => {
    const bench = await connected();
    bench.publish([...ben, published('screen')]);
    bench.media.refresh();
    await settle();
    expect(bench.media.getState().screens).toHaveLength(1);
  });
});

const remoteOf = ({ media }: Awaited<ReturnType<typeof connected>>) => media.getState().remotes.get('ben');
const statesOf = (transports: readonly { readonly state: string }[]) => transports.map(({ state }) => state);
const pass = async (bench: Awaited<ReturnType<typeof connected>>, ms: number) => {
  bench.timers.advance(ms);
  await settle();
};

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

describe('a forwarded call', () => {
  it('leaves nothing open', async () => {
    const bench = await connected();
    bench.newest('send').become('disconnected');
    bench.media.close();
    bench.media.close();
    expect(bench.transports.every(({ state }) => state === 'closed')).toBe(true);
    expect(bench.timers.waiting).toBe(0);
  });

  it('is one report of two connections, whose entries find each other', () => {
    const merged = new Map<string, unknown>();
    mergeReports([report(1), report(2)]).forEach((value: unknown, id) => merged.set(id, value));
    expect([...merged.keys()]).toEqual(['0-T', '0-P', '1-T', '1-P']);
    expect(merged.get('1-T')).toMatchObject({ id: '1-T', selectedCandidatePairId: '1-P', bytesSent: 2 });
  });
});
