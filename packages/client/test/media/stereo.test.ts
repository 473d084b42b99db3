import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodingOf, isStereo } from '../../src/media/forwarded/encodings.ts';
import { WHOLE_LIMITS } from '../../src/quality/index.ts';
import { asTrack, createSfuBench, FakeTrack, NO_TRACKS, settle } from './fakeSfu.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const PLAIN: MediaTrackSettings = {
  channelCount: 2,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

class Microphone extends FakeTrack {
  settings: MediaTrackSettings;
  constructor(name: string, settings: MediaTrackSettings) {
    super('audio', name);
    this.settings = settings;
  }
  override getSettings(): MediaTrackSettings {
    return this.settings;
  }
}
const microphone = (settings: MediaTrackSettings): MediaStreamTrack =>
  asTrack(new Microphone('microphone', settings));

describe('music in two channels', () => {
  it.each([
    ['two channels, nothing taken out', PLAIN, true],
    ['one channel', { ...PLAIN, channelCount: 1 }, false],
    ['echo taken out', { ...PLAIN, echoCancellation: true }, false],
    ['noise taken out', { ...PLAIN, noiseSuppression: true }, false],
    ['made even', { ...PLAIN, autoGainControl: true }, false],
    ['a browser that says nothing', {}, false],
  ])('%s', (_, settings, expected) => {
    expect(isStereo(microphone(settings))).toBe(expected);
  });

  it('has more bits than a voice, and no rests', () => {
    expect(encodingOf('microphone', microphone(PLAIN)).codecOptions).toEqual({
      opusStereo: true,
      opusFec: true,
      opusMaxAverageBitrate: 128_000,
    });
    expect(encodingOf('microphone', microphone({})).codecOptions).toMatchObject({
      opusStereo: false,
      opusDtx: true,
      opusMaxAverageBitrate: 32_000,
    });
  });

  it('CALL6 another microphone of as many channels takes the place of the former, and one of more is published anew', async () => {
    const voice = microphone({});
    const bench = createSfuBench({ local: { ...NO_TRACKS, audio: voice } });
    bench.media.start();
    await settle();
    bench.media.setTracks({ ...NO_TRACKS, audio: microphone({}) });
    await settle();
    expect(bench.of('publish_track')).toHaveLength(1);
    bench.media.setTracks({ ...NO_TRACKS, audio: microphone(PLAIN) });
    await settle();
    expect(bench.of('unpublish_track')).toHaveLength(1);
    expect(bench.of('publish_track').map(({ payload }) => payload.source)).toEqual([
      'microphone',
      'microphone',
    ]);
    expect(bench.types().lastIndexOf('publish_track')).toBeGreaterThan(
      bench.types().lastIndexOf('unpublish_track'),
    );
    bench.media.setTracks({ ...NO_TRACKS, audio: voice });
    await settle();
    expect(bench.of('publish_track')).toHaveLength(3);
  });

  it('CALL6 a microphone with two channels that ends is not published anew: it has nothing to say of itself', async () => {
    const ending = new Microphone('microphone', PLAIN);
    const bench = createSfuBench({ local: { ...NO_TRACKS, audio: asTrack(ending) } });
    bench.media.start();
    await settle();
    ending.readyState = 'ended';
    ending.settings = {};
    bench.media.setTracks({ ...NO_TRACKS, audio: asTrack(ending) });
    await settle();
    expect(bench.of('unpublish_track')).toEqual([]);
    expect(bench.of('publish_track')).toHaveLength(1);
  });

  it('what is published anew has the bits that the line lets it have', async () => {
    const bench = createSfuBench({ local: { ...NO_TRACKS, audio: microphone(PLAIN) } });
    bench.media.start();
    await settle();
    expect(
      bench
        .newest('send')
        .log.filter((line) => line.includes('bitrate'))
        .at(-1),
    ).toContain(`${WHOLE_LIMITS.audioBitrate}`);
  });
});
