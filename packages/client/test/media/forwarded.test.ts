import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_QUALITY, WHOLE_LIMITS } from '../../src/quality/index.ts';
import { mergeReports } from '../../src/media/forwarded/mergeReports.ts';
import { FakeTrack, asTrack, createSfuBench, published, settle } from './fakeSfu.ts';
import { ben, connected, namesOf, own, report, started, tileOf } from './forwardedBench.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

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

  it('GRP4 asks for nothing that comes with the opening, and says at once what it wants of it', async () => {
    const { types, of, media, received } = await started({
      ready: ['ben-microphone', 'ben-camera', 'gone-camera'],
    });
    expect(types()).not.toContain('receive_tracks');
    expect(of('prefer_tracks')[0]?.payload.wishes.map(({ trackId }) => trackId)).toEqual([
      'ben-microphone',
      'ben-camera',
    ]);
    expect([...received.keys()]).toEqual(['ben-microphone', 'ben-camera']);
    expect(namesOf(media.getState().remotes.get('ben')?.stream)).toEqual(['ben-microphone', 'ben-camera']);
  });

  it('GRP4 asks for what does not come with the opening', async () => {
    const { of } = await started({ ready: ['ben-microphone'] });
    expect(of('receive_tracks').map(({ payload }) => payload.trackIds)).toEqual([['ben-camera']]);
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

  it('GRP4 tracks that are told of while the way is being opened are not missed', async () => {
    const bench = createSfuBench({ local: own() });
    bench.media.start();
    while (!bench.types().includes('open_media')) await Promise.resolve();
    // What was opened knows of none yet.
    bench.tell(ben);
    await settle();
    expect([...bench.media.getState().remotes.keys()]).toEqual(['ben']);
  });

  it('GRP4 a list that was asked for earlier takes nothing back that was told of since', async () => {
    const bench = await connected();
    bench.publish([]);
    bench.media.refresh();
    bench.tell(ben);
    await settle();
    expect([...bench.media.getState().remotes.keys()]).toEqual(['ben']);
    bench.publish([]);
    bench.media.refresh();
    await settle();
    expect([...bench.media.getState().remotes.keys()]).toEqual([]);
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

  it('no picture is encoded while frames do not pass, and then as many layers as are watched', async () => {
    const bench = await started({ isClosed: true });
    const layers = () => bench.newest('send').log.filter((line) => line.startsWith('layers'));
    bench.media.handleNotice({
      type: 'media_demand',
      callId: 'x',
      payload: { trackId: 'own-camera', maxSpatialLayer: 1 },
    });
    bench.timers.advance(3_000);
    await settle();
    expect(layers()).toEqual(['layers 0']);
    bench.media.setOpen(true);
    await settle();
    expect(layers()).toEqual(['layers 0', 'layers 2']);
    bench.media.setOpen(false);
    await settle();
    expect(layers()).toEqual(['layers 0', 'layers 2', 'layers 0']);
    // MED4: what is opened anew begins as it is.
    bench.media.handleNotice({ type: 'media_lost', callId: 'x', payload: {} });
    await settle();
    expect(layers()).toEqual(['layers 0']);
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
